import { Asleep, Language as LanguageIcon, Light, Logout } from "@carbon/icons-react";
import {
  Header,
  HeaderContainer,
  HeaderGlobalAction,
  HeaderGlobalBar,
  HeaderMenuButton,
  HeaderName,
  SideNav,
  SideNavItems,
  SideNavLink,
  SkipToContent,
} from "@carbon/react";
import { ask } from "../api/ask.ts";
import { useLive } from "../api/use-live.ts";
import type { Language } from "../words/spoken.ts";
import { useWords } from "../words/words.tsx";
import { useAppearance } from "./appearance.tsx";
import { goTo, PlaceLink, usePlace } from "./location.tsx";
import { mayDo } from "./rights.ts";
import { routes } from "./routes.ts";
import { Screen } from "./screen.tsx";
import { useSession } from "./session.tsx";

/** The frame of every screen: header, navigation of what the user may see, and the screen itself. */
export function Shell() {
  const { say } = useWords();
  return (
    <>
      <HeaderContainer
        render={({ isSideNavExpanded, onClickSideNavExpand }) => (
          <Header aria-label={say("app.name")}>
            <SkipToContent href="#content">{say("app.skip")}</SkipToContent>
            <HeaderMenuButton
              aria-label={say(isSideNavExpanded ? "app.closeMenu" : "app.menu")}
              onClick={onClickSideNavExpand}
              isActive={isSideNavExpanded}
            />
            <HeaderName as={PlaceLink} prefix="" {...{ to: "/" }}>
              {say("app.name")}
            </HeaderName>
            <GlobalActions />
            <Navigation expanded={isSideNavExpanded} close={() => isSideNavExpanded && onClickSideNavExpand()} />
          </Header>
        )}
      />
      <main id="content" className="content">
        <Screen />
      </main>
    </>
  );
}

function Navigation({ expanded, close }: { readonly expanded: boolean; readonly close: () => void }) {
  const { say } = useWords();
  const { role } = useSession();
  const { path } = usePlace();
  const shown = routes.filter(({ icon, right }) => icon && mayDo(role, right));
  return (
    <SideNav aria-label={say("app.navigation")} expanded={expanded} onOverlayClick={close} onSideNavBlur={close}>
      <SideNavItems>
        {shown.map((route) => (
          <SideNavLink
            key={route.path}
            href={`/console${route.path}`}
            {...(route.icon ? { renderIcon: route.icon } : {})}
            isActive={isWithin(route.path, path)}
            // Where the navigation is shut it is inert; where it always stands its links can be reached by Tab.
            tabIndex={0}
            onClick={(event: { preventDefault(): void }) => {
              event.preventDefault();
              close();
              goTo(route.path);
            }}
          >
            {say(route.title)}
          </SideNavLink>
        ))}
      </SideNavItems>
    </SideNav>
  );
}

function GlobalActions() {
  const { say, sayIfKnown, language, changeLanguage } = useWords();
  const { appearance, change } = useAppearance();
  const { user, role, signOut, signsInBy } = useSession();
  const isLive = useLive();
  const isDark = appearance === "dark";
  const speak = (chosen: Language) => {
    changeLanguage(chosen);
    // The next sign-in, at any browser, begins in this language; that it is not kept hinders nobody.
    if (signsInBy !== "token") void ask("PATCH", "/session", { body: { language: chosen } }).catch(() => undefined);
  };
  return (
    <HeaderGlobalBar>
      <span className={isLive ? "live live--on" : "live"} title={say(isLive ? "app.live" : "app.notLive")}>
        {say(isLive ? "app.live" : "app.offline")}
      </span>
      <PlaceLink className="who" to="/account" title={say("nav.account")}>
        <strong>{user}</strong>
        <span>{sayIfKnown(`role.${role}`)}</span>
      </PlaceLink>
      <HeaderGlobalAction aria-label={say("app.language")} onClick={() => speak(language === "en" ? "fr" : "en")}>
        <LanguageIcon size={20} />
      </HeaderGlobalAction>
      <HeaderGlobalAction
        aria-label={say(isDark ? "app.light" : "app.dark")}
        onClick={() => change(isDark ? "light" : "dark")}
      >
        {isDark ? <Light size={20} /> : <Asleep size={20} />}
      </HeaderGlobalAction>
      <HeaderGlobalAction aria-label={say("app.signOut")} onClick={() => void signOut()} tooltipAlignment="end">
        <Logout size={20} />
      </HeaderGlobalAction>
    </HeaderGlobalBar>
  );
}

/** The network is the first screen; the pages of its nodes and the alerts stand below it. */
function isWithin(route: string, path: string): boolean {
  if (route === "/" && path === "/alerts") return true;
  return path === route || path.startsWith(route === "/" ? "/network/" : `${route}/`);
}
