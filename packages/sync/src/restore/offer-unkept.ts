import type { Reader, Transaction } from "@tributary/database";
import { readBodyHashes, referenceTo, type StoredVersion } from "@tributary/fhir";
import type { LinkBase } from "../pull/link-base.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { NamedPlace } from "../stream/stream-place.ts";
import { askKept, type HadRecord, type KeptRecord, keptDigestsMax } from "./kept-records.ts";
import { type Finding, offerAgain } from "./offer-again.ts";
import { type OfferOptions, recordsOfGuests } from "./offering.ts";

/** A record of which both ends were in step, and what it was here, the latest first, from that version back. */
interface AgreedHistory extends HadRecord {
  readonly base: LinkBase;
  readonly stored: StoredVersion;
}

/**
 * Asks of some records, as many as one request may name, whether the parent still has what both had in common, and queues
 * what it has lost, as an edit of the last that it still has. Returns how many were queued; throws what the line throws.
 */
export async function offerUnkept(
  bases: readonly LinkBase[],
  place: NamedPlace,
  options: OfferOptions,
  signal: AbortSignal,
): Promise<number> {
  const { database, connection } = options;
  const had = await database.snapshot((reader) => historiesOf(reader, bases, options));
  const { kept } = await askKept(connection, place, had, signal);
  const byName = new Map(kept.map((one) => [`${one[0]}/${one[1]}`, one]));
  return database.transaction((tx) => settle(tx, had, byName, options));
}

async function historiesOf(
  reader: Reader,
  bases: readonly LinkBase[],
  { store, nodeId }: OfferOptions,
): Promise<AgreedHistory[]> {
  const here = await store.readMany(reader, bases);
  // Of who has left, what stands here may be all that there is; the parent says whether it has it.
  const borrowed = await recordsOfGuests(reader, bases);
  const own = bases.flatMap((base) => {
    const stored = here.get(referenceTo(base));
    if (!stored || (borrowed.has(referenceTo(base)) && stored.originNode !== nodeId)) return [];
    return [{ base, stored, digests: [] as string[] }];
  });
  for (let back = 0; back < keptDigestsMax; back++) {
    const asked = own.filter(({ base }) => base.localVersion > back);
    if (asked.length === 0) break;
    const hashes = await readBodyHashes(
      reader,
      asked.map(({ base: { type, id, localVersion } }) => ({ type, id, version: localVersion - back })),
    );
    for (const { base, digests } of asked) {
      const hash = hashes.get(referenceTo(base));
      // A version that is here no more ends what can be told.
      if (hash !== undefined && digests.length === back) digests.push(hash === null ? "" : bodyDigestOf(hash));
    }
  }
  return own.map(({ base, stored, digests }) => ({ type: base.type, id: base.id, base, stored, digests }));
}

async function settle(
  tx: Transaction,
  had: readonly AgreedHistory[],
  kept: ReadonlyMap<string, KeptRecord>,
  options: OfferOptions,
): Promise<number> {
  const now = await options.store.readForChange(tx, had);
  const found: Finding = { lost: [], corrected: [], unknown: [], deleted: [] };
  for (const { type, id, base, stored: before, digests } of had) {
    if (before.operation === "delete" && !kept.has(`${type}/${id}`)) found.deleted.push({ type, id });
    const stored = now.get(`${type}/${id}`);
    // Of what was only ever a deletion here no content can be lost.
    if (!stored || digests.every((digest) => digest === "")) continue;
    const [, , at, remoteVersion] = kept.get(`${type}/${id}`) ?? [];
    if (at === undefined || remoteVersion === undefined) found.unknown.push({ type, id });
    else {
      const isOutside = base.isOutside === true;
      found.corrected.push({ type, id, localVersion: base.localVersion - at, remoteVersion, isOutside });
    }
    if (at !== 0) found.lost.push(stored);
  }
  return offerAgain(tx, found, options);
}
