import type { StreamPlace } from "../stream/stream-place.ts";
import { trailPointsMax } from "../stream/stream-trail.ts";
import { refused } from "./carried-file.ts";

/** Content that one file carries at most, uncompressed: some 60,000 records. More goes with the next, or by a snapshot. */
export const bundleBytesMax = 64 * 1024 * 1024;

/** How a child's bundle begins: who and where it is, and what it lacks. Requests of the protocol come behind it. */
export interface BundleHead {
  /** One more than that of the bundle before. */
  readonly turn: number;
  /** What the child tells of itself with every request: its versions, and its installation if it has a name. */
  readonly versions: string;
  readonly instance: string | null;
  /** The stream of its records, and where it stands in each stream. */
  readonly stream: string;
  readonly markers: Readonly<Record<string, StreamPlace>>;
  /** Places of that stream that it has passed, the latest first; programs that know of none leave them out. */
  readonly trail?: readonly (readonly [position: number, entryDigest: string])[];
  /** The last of its operations that the parent took. */
  readonly settled?: string | null;
  /** Records that it failed to take in or held back, and compartments of which it has not all. */
  readonly wanted: readonly (readonly [type: string, id: string])[];
  readonly fetches: readonly (readonly [patient: string, place: string | null])[];
}

/** The routes on which a bundle's requests may go. */
export const bundlePaths = ["push", "conflicts/decide", "audit"] as const;

/** How an answer ends: what its parts are about, once all of them are known. */
export interface AnswerSummary {
  /** The bundle that it answers. */
  readonly turn: number;
  /** The version of the parent's program. */
  readonly program: string | null;
  /** How far up the child's operations have come, as the line would tell. */
  readonly reach: string | null;
  /** Of each stream what the file brings: the history, the place behind which it begins, and its last entry. */
  readonly streams: Readonly<Record<string, CarriedStretch>>;
  /** The stream of the child's records has another history, or is another one. */
  readonly isOtherHistory: boolean;
  /** Why nothing of the bundle was taken. */
  readonly refusal: AnswerRefusal | null;
}

/** What an answer brings of one stream. */
export interface CarriedStretch {
  readonly epoch: string;
  readonly after: number;
  readonly head: number;
}

/** Why a bundle was not taken: the parent knows of a later one, or more of what the child named in that incarnation. */
export interface AnswerRefusal {
  /** The last bundle that the parent knows of. */
  readonly turn: number;
  /** A name in the bundle has a verdict on other content. */
  readonly isReused: boolean;
  readonly incarnation: string;
  readonly counter: number;
}

/** Reads the beginning of a bundle. */
export function parseBundleHead(head: Readonly<Record<string, unknown>>): BundleHead {
  const { turn, versions, instance, stream, markers, wanted, fetches, trail = [], settled = null } = head;
  if (
    !Number.isSafeInteger(turn) ||
    typeof versions !== "string" ||
    !(instance === null || typeof instance === "string") ||
    typeof stream !== "string" ||
    typeof markers !== "object" ||
    markers === null ||
    !Object.values(markers).every(isPlace) ||
    !isListOfPairs(wanted) ||
    !isListOfPairs(fetches) ||
    !isTrail(trail) ||
    !(settled === null || typeof settled === "string")
  ) {
    throw refused("its beginning is not that of a bundle");
  }
  return head as unknown as BundleHead;
}

/** Reads the end of an answer. */
export function parseAnswerSummary(head: Readonly<Record<string, unknown>>): AnswerSummary {
  const { turn, streams, isOtherHistory, refusal, program, reach } = head;
  const isTold = (text: unknown) => text === null || typeof text === "string";
  if (
    !Number.isSafeInteger(turn) ||
    typeof streams !== "object" ||
    streams === null ||
    !Object.values(streams).every(isStretch) ||
    typeof isOtherHistory !== "boolean" ||
    typeof refusal !== "object" ||
    !isTold(program) ||
    !isTold(reach)
  ) {
    throw refused("its end is not that of an answer");
  }
  return head as unknown as AnswerSummary;
}

function isPlace(value: unknown): boolean {
  const { epoch, position, entryDigest } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof epoch === "string" &&
    Number.isSafeInteger(position) &&
    (entryDigest === null || typeof entryDigest === "string")
  );
}

function isStretch(value: unknown): boolean {
  const { epoch, after, head } = (value ?? {}) as Record<string, unknown>;
  return typeof epoch === "string" && Number.isSafeInteger(after) && Number.isSafeInteger(head);
}

function isTrail(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= trailPointsMax &&
    value.every((one) => Array.isArray(one) && Number.isSafeInteger(one[0]) && typeof one[1] === "string")
  );
}

function isListOfPairs(value: unknown): boolean {
  const isText = (one: unknown) => one === null || typeof one === "string";
  return Array.isArray(value) && value.every((one) => Array.isArray(one) && one.length === 2 && one.every(isText));
}
