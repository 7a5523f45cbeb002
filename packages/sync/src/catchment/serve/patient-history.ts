import { isResourceId } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../../line/json-object.ts";
import { isResourceType } from "../../stream/stream-page.ts";

/** One version of a patient's record, as the parent has it. */
export interface ToldVersion {
  readonly type: string;
  readonly id: string;
  /** Counted by the parent. */
  readonly version: number;
  /** When the parent came to have it, in milliseconds since 1970. */
  readonly at: number;
  /** The node on which it was written, and in whose name. */
  readonly originNode: string;
  readonly author: string | null;
  /** To the byte; `null` for a deletion. */
  readonly body: string | null;
}

/** A place behind which further versions stand. */
export type VersionPlace = readonly [lastUpdated: number, versionKey: number];

/** Some versions of a patient's records, the newest first. */
export interface PatientHistoryPage {
  readonly versions: readonly ToldVersion[];
  /** Where to go on; `null` when the oldest has been told. */
  readonly next: VersionPlace | null;
}

/** Whether a value is a place in a history. */
export function isVersionPlace(value: unknown): value is VersionPlace {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger);
}

/** Reads what a parent tells; anything else throws `REMOTE_NONSENSE`. */
export function parsePatientHistory(text: string): PatientHistoryPage {
  const { versions, next } = jsonObjectIn(text) ?? {};
  if (!Array.isArray(versions) || !versions.every(isToldVersion)) throw nonsense();
  if (next !== null && !isVersionPlace(next)) throw nonsense();
  return { versions, next };
}

function isToldVersion(value: unknown): value is ToldVersion {
  const { type, id, version, at, originNode, author, body } = (value ?? {}) as Record<string, unknown>;
  return (
    isResourceType(type) &&
    typeof id === "string" &&
    isResourceId(id) &&
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(at) &&
    typeof originNode === "string" &&
    (author === null || typeof author === "string") &&
    (body === null || typeof body === "string")
  );
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer holds no patient's history.", { retryable: true });
}
