import { appendAudit } from "@tributary/audit";
import { type Reader, sql, type Transaction } from "@tributary/database";
import { readBodyHashes, referenceTo, type StoredVersion } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { type LinkBase, putLinkBases } from "../pull/link-base.ts";
import type { OwnChange } from "../push/queue/gather-units.ts";
import { queueAgain } from "../push/queue/queue-own-changes.ts";
import { noteUnborn } from "../push/unborn-records.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { NamedPlace } from "../stream/stream-place.ts";
import { askKept, type HadRecord, type KeptRecord, keptDigestsMax } from "./kept-records.ts";
import { againOf, auditOf, type OfferOptions, recordsOfGuests } from "./offering.ts";

const dropBase = sql("delete from link_bases where link = $1 and type = $2 and id = $3");

/** A row of `link_bases`. */
export interface KeptBase extends Pick<LinkBase, "type" | "id" | "localVersion" | "remoteVersion"> {
  readonly differs: 0 | 1;
  readonly isOutside: 0 | 1;
}

/** A record of which both ends were in step, and what it was here, the latest first, from that version back. */
interface AgreedHistory extends HadRecord {
  readonly base: KeptBase;
  readonly stored: StoredVersion;
}

/**
 * Asks of some records, as many as one request may name, whether the parent still has what both had in common, and queues
 * what it has lost, as an edit of the last that it still has. Returns how many were queued; throws what the line throws.
 */
export async function offerUnkept(
  bases: readonly KeptBase[],
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
  bases: readonly KeptBase[],
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
  const { store, parent, nodeId, clock, random } = options;
  const now = await store.readForChange(tx, had);
  const lost: OwnChange[] = [];
  const corrected: LinkBase[] = [];
  for (const { type, id, base, digests } of had) {
    const stored = now.get(`${type}/${id}`);
    // Of what was only ever a deletion here no content can be lost.
    if (!stored || digests.every((digest) => digest === "")) continue;
    const [, , at, remoteVersion] = kept.get(`${type}/${id}`) ?? [];
    if (at === undefined || remoteVersion === undefined) await tx.run(dropBase, [parent, type, id]);
    else {
      const isOutside = base.isOutside === 1;
      corrected.push({ type, id, localVersion: base.localVersion - at, remoteVersion, isOutside });
    }
    if (at !== 0)
      lost.push({ type, id, version: stored.version, transaction: againOf(stored, () => newUuid(clock, random)) });
  }
  await putLinkBases(tx, parent, corrected);
  // The parent may have lost that it ever knew of them; what refers to one of them must not wait for it there.
  const deleted = had.filter(({ stored }) => stored.operation === "delete" && !kept.has(referenceTo(stored.key)));
  await noteUnborn(tx, deleted, nodeId);
  if (lost.length > 0) await queueAgain(tx, parent, nodeId, lost, () => newUuid(clock, random).slice(-12));
  await appendAudit(
    tx,
    nodeId,
    lost.map(({ type, id }) => auditOf(`${type}/${id}`, "offered-again", options)),
  );
  return lost.length;
}
