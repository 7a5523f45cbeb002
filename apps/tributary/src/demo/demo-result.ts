import type { EditsApart } from "./edits-apart/find-edits.ts";

/** One child at the end of a round: `missing`, `different` and `extra` count records, and 0 is right. */
export interface ChildResult {
  readonly name: string;
  readonly records: number;
  readonly missing: number;
  readonly different: number;
  readonly extra: number;
  readonly requests: number;
  readonly bytesDown: number;
}

/** What came of loading the parent and letting the children pull. */
export interface RoundResult {
  /** Whether every child holds exactly the parent's records, byte for byte. */
  readonly converged: boolean;
  readonly database: "sqlite" | "postgres";
  readonly records: number;
  readonly children: readonly ChildResult[];
  readonly loadSeconds: number;
  /** From the first record to the last child in step, comparing left out. */
  readonly seconds: number;
}

/**
 * What came of a round with edits apart behind it. `records` and `children` are those of the end; it has `converged` only
 * when the children held the parent's records both times, and every edit was found.
 */
export interface DemoResult extends RoundResult {
  /** What was edited while the children were cut off, and what of it is in a record or a conflict now. */
  readonly editsApart: EditsApart;
  /** Pushed records that the parent merged with what it had. */
  readonly merges: number;
  /** Contested elements that wait at the parent for somebody to decide. */
  readonly openConflicts: number;
  /** From the mending of the lines to the last child in step. */
  readonly meetSeconds: number;
}

/** What a round came to, for a person. */
export function summaryOfRound({ converged, records, children, loadSeconds, seconds, database }: RoundResult): string {
  const lines = children.map(
    (child) =>
      `  ${child.name}: ${child.records} records, ${child.missing} missing, ${child.different} different, ${child.extra} extra; ${child.requests} requests, ${child.bytesDown} bytes`,
  );
  const verdict = converged ? "Converged" : "NOT converged";
  return [
    `${verdict}: ${records} records on the parent (${database}), loaded in ${loadSeconds} s, all in step after ${seconds} s.`,
    ...lines,
  ].join("\n");
}

/** The same with the edits apart. */
export function summaryOf(result: DemoResult): string {
  const { editsApart, merges, openConflicts, meetSeconds } = result;
  const lost = editsApart.lost.map((what) => `\n  LOST: ${what}`).join("");
  return `${summaryOfRound(result)}
Apart, ${editsApart.made} edits were made at three nodes; ${editsApart.found} of them are in a record or a conflict.
Back in touch for ${meetSeconds} s: ${merges} merges, ${openConflicts} open conflicts.${lost}`;
}
