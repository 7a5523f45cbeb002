import { Loading } from "@carbon/react";
import { useEffect } from "react";
import { BackLink } from "../parts/back-link.tsx";
import { PageTitle } from "../parts/page-title.tsx";
import { useWords } from "../words/words.tsx";
import { usePlace } from "./location.tsx";
import { mayDo } from "./rights.ts";
import { matchRoute } from "./route.ts";
import { routes } from "./routes.ts";
import { ScreenBoundary } from "./screen-boundary.tsx";
import { useScreenProgram } from "./screen-program.ts";
import { useSession } from "./session.tsx";

/** The screen of the place where the user is. */
export function Screen() {
  const { say } = useWords();
  const { role } = useSession();
  const { path } = usePlace();
  const match = matchRoute(routes, path);
  const title = match ? say(match.route.title) : say("app.name");
  useEffect(() => {
    document.title = `${title} · Tributary`;
  }, [title]);
  if (!match) return <NoScreen title={say("app.notFound")} more={say("app.notFoundMore")} />;
  if (!mayDo(role, match.route.right)) return <NoScreen title={say("app.notYours")} more={say("app.notYoursMore")} />;
  return (
    <ScreenBoundary key={path} title={say("app.broken")} again={say("app.reload")}>
      <Shown match={match} />
    </ScreenBoundary>
  );
}

/** Says why nothing is shown, what to do about it, and leads to the first screen. */
function NoScreen({ title, more }: { readonly title: string; readonly more: string }) {
  const { say } = useWords();
  return (
    <>
      <BackLink to="/">{say("network.back")}</BackLink>
      <PageTitle title={title} lead={more} />
    </>
  );
}

function Shown({ match: { route, parameters } }: { readonly match: NonNullable<ReturnType<typeof matchRoute>> }) {
  const { say } = useWords();
  const Program = useScreenProgram(route.screen);
  if (!Program) return <Loading description={say("common.loading")} withOverlay={false} />;
  return <Program parameters={parameters} />;
}
