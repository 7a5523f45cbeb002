import { Loading } from "@carbon/react";
import { useEffect } from "react";
import { EmptyState } from "../parts/empty-state.tsx";
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
  if (!match) return <EmptyState title={say("app.notFound")} />;
  if (!mayDo(role, match.route.right)) return <EmptyState title={say("app.notYours")} />;
  return (
    <ScreenBoundary key={path} title={say("app.broken")} again={say("app.reload")}>
      <Shown match={match} />
    </ScreenBoundary>
  );
}

function Shown({ match: { route, parameters } }: { readonly match: NonNullable<ReturnType<typeof matchRoute>> }) {
  const { say } = useWords();
  const Program = useScreenProgram(route.screen);
  if (!Program) return <Loading description={say("common.loading")} withOverlay={false} />;
  return <Program parameters={parameters} />;
}
