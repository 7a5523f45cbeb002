import { isResourceId } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../../line/json-object.ts";
import { isKeptText } from "../../stream/stream-page.ts";
import type { StreamPlace } from "../../stream/stream-place.ts";

/** Patients named in one answer; some 20 KB compressed. */
export const patientsToldMax = 1_000;

/** What a parent tells a child of its catchment. */
export type CatchmentTold =
  | { readonly catchment: string; readonly stream: string; readonly isEverything: true }
  | {
      readonly catchment: string;
      readonly stream: string;
      readonly isEverything: false;
      /** The stream's end when this was told: what comes behind it is not in the list. */
      readonly start: StreamPlace;
      /** The end of the stream of what belongs to no patient. */
      readonly metadataStart: StreamPlace;
      readonly patients: readonly string[];
      /** Those of whom it cannot be told at present whether they are in: they stay, and nothing new is shown of them. */
      readonly suspended?: readonly string[];
      /** Behind which patient the next answer begins; absent in the last. */
      readonly next?: string;
    };

/** Reads what a parent told; anything else throws `REMOTE_NONSENSE`. */
export function parseCatchmentTold(text: string): CatchmentTold {
  const value = jsonObjectIn(text) ?? {};
  const { catchment, stream, isEverything, patients, suspended = [], next } = value;
  if (!isKeptText(catchment) || !isKeptText(stream)) throw nonsense();
  if (isEverything === true) return { catchment, stream, isEverything };
  const start = placeFrom(value["start"]);
  const metadataStart = placeFrom(value["metadataStart"]);
  if (!isListOfIds(patients) || !isListOfIds(suspended) || !(next === undefined || typeof next === "string")) {
    throw nonsense();
  }
  return {
    catchment,
    stream,
    isEverything: false,
    start,
    metadataStart,
    patients,
    suspended,
    ...(next ? { next } : {}),
  };
}

function isListOfIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === "string" && isResourceId(id));
}

function placeFrom(value: unknown): StreamPlace {
  const { epoch, position, entryDigest } = (value ?? {}) as Record<string, unknown>;
  if (!isKeptText(epoch) || typeof position !== "number" || !Number.isSafeInteger(position)) throw nonsense();
  if (entryDigest !== null && !isKeptText(entryDigest)) throw nonsense();
  return { epoch, position, entryDigest };
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer tells of no catchment.", { retryable: true });
}
