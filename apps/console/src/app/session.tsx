import { useQueryClient } from "@tanstack/react-query";
import type { Right, SessionAnswer } from "@tributary/admin-api";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { ask, keepCsrf } from "../api/ask.ts";
import { RequestFailed } from "../api/request-failed.ts";
import { ErrorNote } from "../parts/error-note.tsx";
import { useWords } from "../words/words.tsx";
import { FirstSetUp } from "./first-set-up.tsx";
import { mayDo } from "./rights.ts";
import { SignIn } from "./sign-in.tsx";

interface OpenSession extends SessionAnswer {
  readonly signOut: () => Promise<void>;
}

type Standing =
  | { readonly kind: "asking" }
  | { readonly kind: "no-users" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "signed-in"; readonly session: SessionAnswer }
  | { readonly kind: "failed"; readonly error: RequestFailed };

const SessionContext = createContext<OpenSession | undefined>(undefined);

/** Shows what is within to those who are signed in, and to all others the way to come in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const { hasChosen, changeLanguage } = useWords();
  const [standing, setStanding] = useState<Standing>({ kind: "asking" });
  useEffect(() => {
    void findStanding().then(setStanding);
  }, []);
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        const { error } = query.state;
        if (error instanceof RequestFailed && error.status === 401) setStanding({ kind: "signed-out" });
      }),
    [queries],
  );
  const enter = (session: SessionAnswer) => {
    keepCsrf(session.csrf);
    if (!hasChosen) changeLanguage(session.language);
    setStanding({ kind: "signed-in", session });
  };
  switch (standing.kind) {
    case "asking":
      return null;
    case "failed":
      return <ErrorNote error={standing.error} />;
    case "no-users":
      return <FirstSetUp enter={enter} />;
    case "signed-out":
      return <SignIn enter={enter} />;
    case "signed-in": {
      const signOut = async () => {
        const left = await ask<{ readonly goTo: string | null }>("DELETE", "/session").catch(() => undefined);
        queries.clear();
        if (left?.goTo) location.assign(left.goTo);
        else setStanding({ kind: "signed-out" });
      };
      return <SessionContext value={{ ...standing.session, signOut }}>{children}</SessionContext>;
    }
  }
}

/** Who is signed in, and the way out. */
export function useSession(): OpenSession {
  const session = use(SessionContext);
  if (!session) throw new Error("useSession is used outside of SessionGate.");
  return session;
}

/** Whether the user may do something. */
export function useRight(right: Right): boolean {
  return mayDo(useSession().role, right);
}

async function findStanding(): Promise<Standing> {
  try {
    const session = await ask<SessionAnswer>("GET", "/session");
    keepCsrf(session.csrf);
    return { kind: "signed-in", session };
  } catch (error) {
    if (!(error instanceof RequestFailed) || error.status !== 401) return failed(error);
  }
  try {
    const { needed } = await ask<{ readonly needed: boolean }>("GET", "/setup");
    return { kind: needed ? "no-users" : "signed-out" };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Standing {
  if (error instanceof RequestFailed) return { kind: "failed", error };
  throw error;
}
