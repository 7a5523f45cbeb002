import { isResourceId } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { parseRecordBatch, type TravellingRecord, writeRecordBatch } from "../../stream/record-batch.ts";
import type { NamedPlace } from "../../stream/stream-place.ts";

/** Media type of some patients' records. */
export const compartmentBatchType = "application/vnd.tributary.compartments";

/** Patients that one request may name; the smallest compartments fill an answer together. */
export const compartmentsMax = 50;

/** Asks for what belongs to no patient and is for every child. */
export const metadataCompartment = "*";

/** How far an answer has come with one patient. */
export interface CompartmentPlace {
  readonly patient: string;
  /** Where to go on; `null` when all that is there has been told. */
  readonly next: string | null;
}

/** Records of some patients, and how far each patient's are told. */
export interface CompartmentBatch {
  readonly places: readonly CompartmentPlace[];
  readonly records: readonly TravellingRecord[];
  /** Where their streams ended when they were read, as far as the answer tells. */
  readonly readAt: readonly NamedPlace[];
}

/** Writes a line with the places, and then the records as any batch of them is written. */
export function writeCompartmentBatch({ places, records }: Pick<CompartmentBatch, "places" | "records">): Uint8Array {
  const head = Buffer.from(`${JSON.stringify(places.map(({ patient, next }) => [patient, next]))}\n`);
  return Buffer.concat([head, writeRecordBatch({ records, missing: [] })]);
}

/** Reads what was written; anything cut or damaged throws `REMOTE_NONSENSE`, and nothing of it is used. */
export function parseCompartmentBatch(bytes: Uint8Array, readAt: readonly NamedPlace[] = []): CompartmentBatch {
  const end = bytes.indexOf(10);
  if (end < 0) throw nonsense();
  const { records } = parseRecordBatch(bytes.subarray(end + 1));
  let places: unknown;
  try {
    places = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  } catch {
    throw nonsense();
  }
  if (!Array.isArray(places) || !places.every(isPlace)) throw nonsense();
  return { places: places.map(([patient, next]) => ({ patient, next })), records, readAt };
}

function isPlace(value: unknown): value is [string, string | null] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [patient, next] = value as unknown[];
  return isCompartmentName(patient) && (next === null || typeof next === "string");
}

/** Whether a value names a patient, or what belongs to none. */
export function isCompartmentName(value: unknown): value is string {
  return typeof value === "string" && (value === metadataCompartment || isResourceId(value));
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer holds no patients' records.", { retryable: true });
}
