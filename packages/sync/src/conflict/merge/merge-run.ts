import type { JsonObject } from "@tributary/fhir";
import type { ContestedElement, ContestReason, SettlingRule } from "./contested-element.ts";
import type { Clash, MergePolicy, MergeStrategy } from "./policy/merge-policy.ts";
import type { PolicyTable } from "./policy/policy-table.ts";
import { sideToShow } from "./policy/side-to-show.ts";

/** One merge on its way: the record's type, the rules, and what has been contested so far. */
export interface MergeRun {
  readonly type: string;
  readonly policies: PolicyTable;
  readonly contested: ContestedElement[];
}

/** The three values of one thing; `base` is `undefined` where it had none. */
export interface ThreeSides<T> {
  readonly base: T | undefined;
  readonly mine: T | undefined;
  readonly theirs: T | undefined;
}

/** What a clash came to: a side's value, a fragment in place of both, or nothing yet. */
export type Decision =
  | { readonly kind: "side"; readonly side: "mine" | "theirs" }
  | { readonly kind: "fragment"; readonly fragment: JsonObject | undefined }
  | { readonly kind: "merge" };

/** Asks the rule for a clash. All but `merge` leaves an entry that keeps the value which gave way. */
export function decide(run: MergeRun, rule: MergePolicy | MergeStrategy, clash: Clash, groupPath: string): Decision {
  if (typeof rule === "function") return answerOf(run, rule, clash);
  switch (rule) {
    case "merge":
      return { kind: "merge" };
    case "manual":
      return contest(run, clash, sideToShow(run.type, groupPath, clash));
    case "parent-wins":
      return settle(run, clash, "mine", rule);
    case "child-wins":
    case "latest-wins":
      return settle(run, clash, "theirs", rule);
  }
}

/** Contests a clash and shows one side's value. */
export function contest(run: MergeRun, clash: Clash, shown: "mine" | "theirs"): Extract<Decision, { kind: "side" }> {
  note(run, clash, shown);
  return { kind: "side", side: shown };
}

/** Notes a contested element; its value in the merged body is the caller's to place. */
export function note(
  run: MergeRun,
  { path, elements, because, base, mine, theirs }: Omit<Clash, "type">,
  shown: ContestedElement["shown"],
  settledBy?: SettlingRule,
): void {
  run.contested.push({ path, elements, because, base, mine, theirs, shown, ...(settledBy && { settledBy }) });
}

/** The reason that two values tell by themselves. */
export function reasonOf({ mine, theirs }: ThreeSides<unknown>, isBaseKnown: boolean): ContestReason {
  if (!isBaseKnown) return "no-base";
  return mine === undefined || theirs === undefined ? "edit-and-removal" : "both-changed";
}

function settle(run: MergeRun, clash: Clash, side: "mine" | "theirs", by: SettlingRule): Decision {
  note(run, clash, side, by);
  return { kind: "side", side };
}

function answerOf(run: MergeRun, strategy: MergeStrategy, clash: Clash): Decision {
  const answer = strategy(clash);
  switch (answer.kind) {
    case "merge":
      return answer;
    case "contest":
      return contest(run, clash, answer.show);
    case "take":
      return settle(run, clash, answer.side, "strategy");
    case "put":
      note(run, clash, "other", "strategy");
      return { kind: "fragment", fragment: answer.fragment };
  }
}
