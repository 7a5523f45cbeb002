import { TributaryError } from "@tributary/kernel";
import { isKeptText, isResourceId, isResourceType } from "../../stream/stream-page.ts";
import type { Conflict, ConflictState, DecidedChange, Resolution, UndoneDecision } from "../conflict.ts";
import type { Hand, Meeting, WholeBody } from "../meeting.ts";
import type { ContestedElement } from "../merge/contested-element.ts";

/** A row as it travels: what the sender's own bookkeeping is stays there. */
export type ToldConflict = Omit<Conflict, "link" | "linkRevision">;

/** Rows, what met in them, and which of those that were asked for the asker may not have or that are not there. */
export interface ConflictRows {
  readonly conflicts: readonly ToldConflict[];
  readonly meetings: readonly Meeting[];
  readonly missing: readonly string[];
}

/**
 * A path is as long as an element's way through a record. Of a program that does not shorten keys it has whole ones in it,
 * of which an attachment within its URL is the longest.
 */
const pathLengthMax = 16 * 1024 * 1024;
/** Names and reasons are far shorter. */
const textLengthMax = 2_000;

/** With it and a conflict's three sides an answer keeps its limit; two photographs are far smaller. */
const changeLengthMax = 8 * 1024 * 1024;

const states: ReadonlySet<string> = new Set<ConflictState>(["open", "resolved", "superseded", "settled"]);
const choices: ReadonlySet<string> = new Set<Resolution["choice"]>(["parent", "child", "current", "value"]);
const reasons: ReadonlySet<string> = new Set<ContestedElement["because"]>([
  "both-changed",
  "edit-and-removal",
  "no-base",
  "invalid-together",
]);
const shownSides: ReadonlySet<string> = new Set<ContestedElement["shown"]>(["mine", "theirs", "both", "other"]);

/** Leaves out what is of no concern to others, and what a decision changed where that is too large to be told. */
export function toldConflict({ link: _, linkRevision: __, ...told }: Conflict): ToldConflict {
  const { resolution } = told;
  return resolution ? { ...told, resolution: withoutLargeChange(resolution) } : told;
}

/** What was decided without what it changed, where that is larger than is told; it can be taken back by hand alone then. */
export function withoutLargeChange<Decided extends { readonly change?: DecidedChange | null }>(
  decided: Decided,
): Decided {
  const { change, ...rest } = decided;
  const isLarge = change && JSON.stringify(change).length > changeLengthMax;
  return isLarge ? (rest as Decided) : decided;
}

/** Reads rows; whatever is not exactly that throws `REMOTE_NONSENSE`, and nothing of the answer is used. */
export function parseConflictRows(text: string): ConflictRows {
  const { conflicts, meetings = [], missing = [] } = objectOf(parsed(text));
  if (!Array.isArray(conflicts) || !Array.isArray(meetings) || !Array.isArray(missing)) throw nonsense("its frame");
  return {
    conflicts: conflicts.map(conflictFrom),
    meetings: meetings.map(meetingFrom),
    missing: missing.map((one) => checked(one, isUuid, "the name of a missing conflict")),
  };
}

/** Tells whether a value is a name as conflicts, meetings and decisions have. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** Tells whether a value is a text of bounded length. */
export function isText(value: unknown): value is string {
  return isKeptText(value) && value.length <= textLengthMax;
}

/** Tells whether a value is one of the choices that a decision has. */
export function isChoice(value: unknown): value is Resolution["choice"] {
  return typeof value === "string" && choices.has(value);
}

/** Tells whether a value is what a decision changed, `null` for nothing. */
export function isChange(value: unknown): value is DecidedChange | null {
  if (value === null) return true;
  if (!isObject(value)) return false;
  return [value["before"], value["after"]].every((side) => side === null || isObject(side));
}

function conflictFrom(value: unknown): ToldConflict {
  const row = objectOf(value);
  const { resolution, undone } = row;
  const told: ToldConflict = {
    conflictId: checked(row["conflictId"], isUuid, "its name"),
    type: checked(row["type"], isResourceType, "its type"),
    id: checked(row["id"], isResourceId, "its id"),
    version: checked(row["version"], isCount, "its version"),
    element: elementFrom(row["element"]),
    theirNode: checked(row["theirNode"], isText, "its node"),
    operationId: checked(row["operationId"], isText, "its operation"),
    state: checked(row["state"], (state): state is ConflictState => states.has(String(state)), "its state"),
    openedAt: checked(row["openedAt"], isCount, "its time"),
    assignee: checked(row["assignee"] ?? null, isTextOrNull, "its assignee"),
    supersededBy: checked(row["supersededBy"] ?? null, isUuidOrNull, "what superseded it"),
    meetingId: checked(row["meetingId"] ?? null, isUuidOrNull, "its meeting"),
    revision: checked(row["revision"], isCount, "its revision"),
  };
  return {
    ...told,
    ...(resolution === undefined ? {} : { resolution: resolutionFrom(resolution) }),
    ...(undone === undefined ? {} : { undone: undoneFrom(undone) }),
  };
}

function elementFrom(value: unknown): ContestedElement {
  const { path, elements, because, base, mine, theirs, shown, settledBy } = objectOf(value);
  const isWhole =
    isKeptText(path) &&
    path.length <= pathLengthMax &&
    Array.isArray(elements) &&
    elements.every(isText) &&
    reasons.has(String(because)) &&
    shownSides.has(String(shown)) &&
    [base, mine, theirs].every((side) => side === undefined || isObject(side)) &&
    (settledBy === undefined || isText(settledBy));
  if (!isWhole) throw nonsense("its element");
  return value as ContestedElement;
}

function resolutionFrom(value: unknown): Resolution {
  const { at, by, node, reason, choice, version, change } = objectOf(value);
  return {
    at: checked(at, isCount, "the time of its resolution"),
    by: checked(by, isText, "who decided"),
    node: checked(node ?? null, isTextOrNull, "where it was decided"),
    reason: checked(reason, isText, "its reason"),
    choice: checked(choice, isChoice, "its choice"),
    version: checked(version, isCount, "its decided version"),
    ...(change === undefined ? {} : { change: checked(change, isChange, "what it changed") }),
  };
}

function undoneFrom(value: unknown): UndoneDecision {
  const { at, by, node, reason, decidedAt, decidedBy, choice } = objectOf(value);
  return {
    at: checked(at, isCount, "the time at which it was taken back"),
    by: checked(by, isText, "who took it back"),
    node: checked(node ?? null, isTextOrNull, "where it was taken back"),
    reason: checked(reason, isText, "why it was taken back"),
    decidedAt: checked(decidedAt, isCount, "the time of the decision taken back"),
    decidedBy: checked(decidedBy, isText, "whose decision was taken back"),
    choice: checked(choice, isChoice, "the choice taken back"),
  };
}

function meetingFrom(value: unknown): Meeting {
  const { meetingId, baseVersion, mine, theirs, bodies } = objectOf(value);
  const { base, mine: mineBody, theirs: theirBody } = objectOf(bodies);
  return {
    meetingId: checked(meetingId, isUuid, "a meeting's name"),
    baseVersion: checked(baseVersion ?? null, isCountOrNull, "a meeting's base"),
    mine: handFrom(mine),
    theirs: handFrom(theirs),
    bodies: { base: bodyFrom(base), mine: bodyFrom(mineBody), theirs: bodyFrom(theirBody) },
  };
}

function handFrom(value: unknown): Hand {
  const { node, author, version, at } = objectOf(value);
  return {
    node: checked(node, isText, "a hand's node"),
    author: checked(author ?? null, isTextOrNull, "a hand's author"),
    version: checked(version ?? null, isCountOrNull, "a hand's version"),
    at: checked(at ?? null, isCountOrNull, "a hand's time"),
  };
}

function bodyFrom(value: unknown): WholeBody {
  if (value === undefined || value === null || typeof value === "string") return value;
  throw nonsense("a body");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw nonsense("it is no JSON");
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  throw nonsense("its shape");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checked<Value>(value: unknown, holds: (value: unknown) => value is Value, what: string): Value {
  if (holds(value)) return value;
  throw nonsense(what);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCountOrNull(value: unknown): value is number | null {
  return value === null || isCount(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isUuidOrNull(value: unknown): value is string | null {
  return value === null || isUuid(value);
}

function nonsense(what: string): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", `The answer has no proper conflicts: ${what} is wrong.`, {
    retryable: true,
  });
}
