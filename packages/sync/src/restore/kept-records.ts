import type { ResourceKey } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../line/json-object.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { isResourceId, isResourceType } from "../stream/stream-page.ts";
import type { NamedPlace } from "../stream/stream-place.ts";

/** Records that one request may ask about: some 250 kilobytes with all their digests. */
export const keptRecordsMax = 500;
/** Versions of one record that may be told, the latest first; what was in common before them counts as forgotten. */
export const keptDigestsMax = 20;

const digestForm = /^[\w-]{22}$/;

/** A record, and the digests of what it was here, the latest first; an empty one for a deletion. */
export interface HadRecord extends ResourceKey {
  readonly digests: readonly string[];
}

/** Which of the digests of a record the parent's history holds, by its index, and in which version. */
export type KeptRecord = readonly [type: string, id: string, at: number, version: number];

/** What a parent still has of what a child had from it. */
export interface KeptAnswer {
  /** Whether all is here that the child has read and sent, as far as its place and its last operation tell. */
  readonly isWhole: boolean;
  /** Of the records asked about those of which anything is here that the child told. */
  readonly kept: readonly KeptRecord[];
}

/** Asks the parent what it still has of records and of what was read of a stream. Throws what the line throws. */
export async function askKept(
  connection: ParentConnection,
  place: NamedPlace,
  records: readonly HadRecord[],
  signal: AbortSignal,
): Promise<KeptAnswer> {
  const rows = records.map(({ type, id, digests }) => [type, id, digests]);
  const { stream, epoch, position, entryDigest } = place;
  const body = JSON.stringify({ place: [stream, epoch, position, entryDigest], records: rows });
  const answer = await connection.ask("kept", { body }, "application/json", signal);
  const { isWhole, kept } = jsonObjectIn(answer.body) ?? {};
  if (typeof isWhole === "boolean" && Array.isArray(kept) && (kept as unknown[]).every(isKept)) {
    return { isWhole, kept: kept as KeptRecord[] };
  }
  throw new TributaryError("REMOTE_NONSENSE", "The answer does not tell what is kept.", { retryable: true });
}

/** Reads what a child asks; anything else is `undefined`. */
export function parseKeptQuestion(
  body: string,
): { readonly place: NamedPlace; readonly records: readonly HadRecord[] } | undefined {
  const { place, records } = jsonObjectIn(body) ?? {};
  if (!Array.isArray(place) || !Array.isArray(records) || records.length > keptRecordsMax) return undefined;
  const [stream, epoch, position, entryDigest] = place as unknown[];
  if (typeof stream !== "string" || typeof epoch !== "string") return undefined;
  if (!Number.isSafeInteger(position) || (position as number) < 0) return undefined;
  if (entryDigest !== null && typeof entryDigest !== "string") return undefined;
  const had: HadRecord[] = [];
  for (const one of records as unknown[]) {
    const [type, id, digests] = Array.isArray(one) ? (one as unknown[]) : [];
    if (!isResourceType(type) || !isResourceId(id) || !Array.isArray(digests)) return undefined;
    if (digests.length > keptDigestsMax || !(digests as unknown[]).every(isDigest)) return undefined;
    had.push({ type, id, digests: digests as string[] });
  }
  return { place: { stream, epoch, position: position as number, entryDigest }, records: had };
}

function isDigest(value: unknown): value is string {
  return value === "" || (typeof value === "string" && digestForm.test(value));
}

function isKept(row: unknown): boolean {
  const [type, id, at, version] = Array.isArray(row) ? (row as unknown[]) : [];
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  return typeof type === "string" && typeof id === "string" && isCount(at) && isCount(version) && version !== 0;
}
