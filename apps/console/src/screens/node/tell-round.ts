import type { Words } from "../../words/words.tsx";

/** What a push, a pull or a verification answers, as far as it is told. */
export interface RoundTold {
  readonly status?: "complete" | "partial" | "interrupted" | "refused";
  readonly pushed?: number;
  readonly applied?: number;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly outcome?: "identical" | "different" | "out-of-step";
  readonly records?: number;
  readonly differences?: readonly unknown[];
}

/** A round in a sentence or two. */
export function tellRound(
  { say, sayNodeLine }: Pick<Words, "say" | "sayNodeLine">,
  path: string,
  told: RoundTold,
): string {
  const { status, outcome, error } = told;
  if (outcome) {
    const count = outcome === "identical" ? (told.records ?? 0) : (told.differences?.length ?? 0);
    return say(`node.verified.${outcome}`, { count });
  }
  if (error) return `${sayNodeLine(error)} (${error.code})`;
  if (status !== "complete") return say("node.roundEnded", { status: status ? say(`node.round.${status}`) : "?" });
  return path === "/push"
    ? say("node.pushed", { count: told.pushed ?? 0 })
    : say("node.pulled", { count: told.applied ?? 0 });
}
