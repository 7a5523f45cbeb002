import type { Beginning } from "./catchments/play-beginning.ts";
import type { Move } from "./catchments/play-move.ts";
import type { EditsApart } from "./edits-apart/find-edits.ts";
import type { Troubles } from "./troubles/play-troubles.ts";

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

/** Whose records a clinic holds at the end: `foreign` counts patients of elsewhere, and 0 is right. */
export interface CatchmentResult {
  readonly clinic: string;
  readonly catchment: string;
  readonly patients: number;
  readonly foreign: number;
}

/** What came of loading the parent and letting the children pull. */
export interface RoundResult {
  /** Whether every child holds exactly the records of its catchment and nobody else's, byte for byte. */
  readonly converged: boolean;
  readonly database: "sqlite" | "postgres";
  readonly records: number;
  readonly children: readonly ChildResult[];
  readonly catchments: readonly CatchmentResult[];
  readonly loadSeconds: number;
  /** From the first record to the last child in step, comparing left out. */
  readonly seconds: number;
}

/** What came of editing while the clinics were cut off. */
export interface ApartResult {
  /** What was edited while the children were cut off, and what of it is in a record or a conflict now. */
  readonly editsApart: EditsApart;
  /** Pushed records that the parent merged with what it had. */
  readonly merges: number;
  /** Contested elements that wait at the parent for somebody to decide. */
  readonly openConflicts: number;
  /** From the mending of the lines to the last child in step. */
  readonly meetSeconds: number;
}

/**
 * What came of a round with edits apart, a move, a new clinic and some troubles behind it. `records`, `children` and `catchments` are those
 * before the troubles; it has `converged` only when the children held their catchments' records both times, every edit was found,
 * and the patient went over whole.
 */
export interface DemoResult extends RoundResult, ApartResult {
  /** The patient who moved from one clinic's catchment to the other's; `null` when nobody could. */
  readonly moved: Move | null;
  /** The clinic that joined late. */
  readonly began: Beginning;
  /** What waits for an operator at the end. */
  readonly troubles: Troubles;
}

/** What a round came to, for a person. */
export function summaryOfRound(result: RoundResult): string {
  const { converged, records, children, catchments, loadSeconds, seconds, database } = result;
  const lines = children.map(
    (child, at) =>
      `  ${child.name} (${catchments[at]?.catchment}): ${catchments[at]?.patients} patients, ${catchments[at]?.foreign} of elsewhere; ${child.records} records, ${child.missing} missing, ${child.different} different, ${child.extra} extra; ${child.requests} requests, ${child.bytesDown} bytes`,
  );
  const verdict = converged ? "Converged" : "NOT converged";
  return [
    `${verdict}: ${records} records on the parent (${database}), loaded in ${loadSeconds} s, all in step after ${seconds} s.`,
    ...lines,
  ].join("\n");
}

/** All of it, for a person. */
export function summaryOf(result: DemoResult): string {
  const { moved, began, troubles } = result;
  const parts = [summaryOfRound(result), summaryOfApart(result), summaryOfMove(moved), summaryOfBeginning(began)];
  return [...parts, summaryOfTroubles(troubles)].join("\n");
}

/** The edits apart, for a person. */
export function summaryOfApart({ editsApart, merges, openConflicts, meetSeconds }: ApartResult): string {
  const lost = editsApart.lost.map((what) => `\n  LOST: ${what}`).join("");
  return `Apart, ${editsApart.made} edits were made at three nodes; ${editsApart.found} of them are in a record or a conflict.
Back in touch for ${meetSeconds} s: ${merges} merges, ${openConflicts} open conflicts.${lost}`;
}

/** The move, for a person. */
export function summaryOfMove(move: Move | null): string {
  if (!move) return "Nobody lives where a move could begin.";
  const { patient, from, to, records, there, left, lateNote } = move;
  const note = lateNote ? "the note that had not been sent has arrived" : "the note that had not been sent is LOST";
  return `${patient} moved: ${there} of ${records} records at ${to}, ${left} left at ${from}; ${note}.`;
}

/** The beginning of the clinic that joined late, for a person. */
export function summaryOfBeginning({ clinic, from, records, seconds }: Beginning): string {
  const how = from === "snapshot" ? "from a snapshot" : "patient by patient";
  return `${clinic} began ${how}: ${records} records in ${seconds} s.`;
}

/** What waits for an operator, for a person. */
export function summaryOfTroubles({ failed, silent }: Troubles): string {
  const pushes = failed.map(
    ({ node, failure, record, missing }) => `${node} has a failed event, ${failure}: ${record} waits for ${missing}.`,
  );
  return [...pushes, ...silent.map((node) => `${node} is silent: its line is cut.`)].join("\n");
}
