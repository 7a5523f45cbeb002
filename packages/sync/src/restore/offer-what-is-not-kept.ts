import { appendAudit } from "@tributary/audit";
import { type Reader, sql, type Transaction } from "@tributary/database";
import { readBodyHashes, referenceTo, type StoredVersion } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { NotCarried } from "../carry/not-carried.ts";
import { everyPage } from "../every-page.ts";
import { type LinkBase, putLinkBases } from "../pull/link-base.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import type { OwnChange } from "../push/queue/gather-units.ts";
import { queueAgain } from "../push/queue/queue-own-changes.ts";
import { noteUnborn } from "../push/unborn-records.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { askKept, type HadRecord, type KeptRecord, keptDigestsMax, keptRecordsMax } from "./kept-records.ts";
import { forgetSettled } from "./last-settled.ts";
import { auditOf, borrowedAmong, type OfferOptions } from "./offer-what-was-lost.ts";
import { readSidesAnew } from "./read-sides-anew.ts";

const readBases = sql(`
  select type, id, local_version as "localVersion", remote_version as "remoteVersion", differs,
    is_outside as "isOutside"
  from link_bases where link = $1 and (type, id) > ($2, $3) order by type, id limit $4`);
const dropBase = sql("delete from link_bases where link = $1 and type = $2 and id = $3");

interface BaseRow extends Pick<LinkBase, "type" | "id" | "localVersion" | "remoteVersion"> {
  readonly differs: 0 | 1;
  readonly isOutside: 0 | 1;
}

/** A record of which both ends were in step, and what it was here, the latest first, from that version back. */
interface AgreedHistory extends HadRecord {
  readonly base: BaseRow;
  readonly stored: StoredVersion;
}

/**
 * Meets a parent whose stream this child cannot ask about, since it was given another catchment: when the parent does not
 * know the place that was read of it, or the operation that it took last, it is asked of every record whether it still has
 * what both had in common. What it has lost is queued, as an edit of the last that it still has.
 *
 * Broken off, it is begun again; what is queued already is not queued twice. Returns how many records were queued;
 * `undefined` when the parent has all, or when nobody can be asked: the answers come by stick.
 */
export async function offerWhatIsNotKept(options: OfferOptions, signal: AbortSignal): Promise<number | undefined> {
  const { database, nodeId, parent, stream, connection } = options;
  const marker = await readStreamMarker(database, parent, stream);
  if (!marker) return undefined;
  const place = { stream, ...marker };
  try {
    if ((await askKept(connection, place, [], signal)).isWhole) return undefined;
  } catch (error) {
    if (error instanceof NotCarried) return undefined;
    throw error;
  }
  let queued = 0;
  const pages = everyPage<BaseRow>(keptRecordsMax, (last) =>
    database.all<BaseRow>(readBases, [parent, last?.type ?? "", last?.id ?? "", keptRecordsMax]),
  );
  for await (const bases of pages) {
    const had = await database.snapshot((reader) => historiesOf(reader, bases, options));
    const { kept } = await askKept(connection, place, had, signal);
    const byName = new Map(kept.map((one) => [`${one[0]}/${one[1]}`, one]));
    queued += await database.transaction((tx) => settle(tx, had, byName, options));
  }
  await database.transaction(async (tx) => {
    await forgetSettled(tx, parent);
    await readSidesAnew(tx, parent);
    await appendAudit(tx, nodeId, [auditOf(null, "history-changed", options)]);
  });
  return queued;
}

async function historiesOf(
  reader: Reader,
  bases: readonly BaseRow[],
  { store, nodeId }: OfferOptions,
): Promise<AgreedHistory[]> {
  const here = await store.readMany(reader, bases);
  const borrowed = await borrowedAmong(reader, bases);
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
    if (at !== 0) lost.push({ type, id, version: stored.version, transaction: `again-${newUuid(clock, random)}` });
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
