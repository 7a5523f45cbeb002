import {
  type AuditDraft,
  type AuditOperation,
  auditOperations,
  type ChainPlace,
  type TrailSegment,
} from "@tributary/audit";
import { parseNodeId, TributaryError } from "@tributary/kernel";

/** Entries that one request may tell. */
export const trailEntriesMax = 20_000;
/** Segments that one request may have; a hub tells many nodes' trails at once. */
export const trailSegmentsMax = 1_000;
/** Characters of one text of an entry: names, references, codes and short reasons fit well. */
const textLengthMax = 1_000;

/** What the parent did with a segment. */
export type SegmentAnswer =
  | { readonly kind: "taken"; readonly position: number }
  | { readonly kind: "behind"; readonly head: ChainPlace | null }
  | { readonly kind: "broken"; readonly code: "AUDIT_CHAIN_BROKEN"; readonly position: number }
  | { readonly kind: "refused"; readonly reason: string };

/** An entry on the line: its told fields, in this order. */
type EntryOnLine = readonly [
  at: number,
  actor: string,
  operation: string,
  reference: string | null,
  versionBefore: number | null,
  versionAfter: number | null,
  link: string | null,
  operationId: string | null,
  outcome: string,
  error: string | null,
];

/** Writes segments for the line. */
export function writeTrailMessage(segments: readonly TrailSegment[]): string {
  return JSON.stringify({
    segments: segments.map(({ node, chain, after, entries, hash }) => ({
      node,
      chain,
      after: [after.position, after.hash],
      entries: entries.map(onLine),
      hash,
    })),
  });
}

/** How many characters an entry takes on the line, to keep a request within its size. */
export function sizeOnLine(entry: AuditDraft): number {
  return JSON.stringify(onLine(entry)).length;
}

/** Reads segments; whatever is malformed throws `REMOTE_NONSENSE`, and nothing of the request is used. */
export function parseTrailMessage(text: string): TrailSegment[] {
  const segments = listIn(text, "segments", trailSegmentsMax).map(segmentFrom);
  if (segments.reduce((sum, { entries }) => sum + entries.length, 0) > trailEntriesMax) {
    throw nonsense(`it has more than ${trailEntriesMax} entries`);
  }
  return segments;
}

/** Reads the parent's answers, one for each segment in its order. Throws `REMOTE_NONSENSE` when they are none. */
export function parseTrailAnswer(text: string, segments: number): SegmentAnswer[] {
  const answers = listIn(text, "segments", trailSegmentsMax).map(answerFrom);
  if (answers.length !== segments) throw nonsense("it answers another number of segments");
  return answers;
}

function onLine(entry: AuditDraft): EntryOnLine {
  const { at, actor, operation, reference, versionBefore, versionAfter, link, operationId, outcome, error } = entry;
  return [at, actor, operation, reference, versionBefore, versionAfter, link, operationId, outcome, error];
}

function segmentFrom(value: unknown): TrailSegment {
  const { node, chain, after, entries, hash } = objectOf(value);
  if (typeof node !== "string" || !parseNodeId(node)) throw nonsense("a segment names no node");
  if (typeof chain !== "string" || !/^[0-9a-f]{16}$/.test(chain)) throw nonsense("a segment names no chain");
  if (!isHash(hash) || !Array.isArray(entries) || entries.length === 0) throw nonsense("a segment is not whole");
  return { node, chain, after: placeFrom(after), entries: entries.map(entryFrom), hash };
}

function entryFrom(value: unknown): AuditDraft {
  if (!Array.isArray(value) || value.length !== 10) throw nonsense("an entry is not whole");
  const [at, actor, operation, reference, versionBefore, versionAfter, link, operationId, outcome, error] = value;
  if (!Number.isSafeInteger(at) || !isText(actor) || !isOperation(operation) || !isText(outcome)) {
    throw nonsense("an entry does not tell who did what");
  }
  if (![reference, link, operationId, error].every((text) => text === null || isText(text))) {
    throw nonsense("an entry has a text that is none");
  }
  if (![versionBefore, versionAfter].every((number) => number === null || Number.isSafeInteger(number))) {
    throw nonsense("an entry has a version that is no number");
  }
  return { at, actor, operation, reference, versionBefore, versionAfter, link, operationId, outcome, error };
}

function answerFrom(value: unknown): SegmentAnswer {
  const { kind, position, head, reason } = objectOf(value);
  switch (kind) {
    case "taken":
      if (isPosition(position)) return { kind, position };
      break;
    case "behind":
      return { kind, head: head === null ? null : placeFrom(head) };
    case "broken":
      if (isPosition(position)) return { kind, code: "AUDIT_CHAIN_BROKEN", position };
      break;
    case "refused":
      return { kind, reason: isText(reason) ? reason : "" };
  }
  throw nonsense("an answer says nothing");
}

function placeFrom(value: unknown): ChainPlace {
  const [position, hash] = Array.isArray(value) ? value : [objectOf(value)["position"], objectOf(value)["hash"]];
  if (!isPosition(position) || !isHash(hash)) throw nonsense("a place is none");
  return { position, hash };
}

function listIn(text: string, name: string, most: number): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nonsense("it is no JSON");
  }
  const list = objectOf(value)[name];
  if (!Array.isArray(list) || list.length > most) throw nonsense(`it has no list of up to ${most} ${name}`);
  return list;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw nonsense("a part of it is no object");
}

/** Other words than ours may come from a newer node; they are kept as they are, or the hash would not hold. */
function isOperation(value: unknown): value is AuditOperation {
  return auditOperations.some((known) => known === value) || (isText(value) && /^[a-z-]{1,40}$/.test(value));
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= textLengthMax && !value.includes("\0");
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function nonsense(what: string): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", `What was told of an audit trail cannot be understood: ${what}.`);
}
