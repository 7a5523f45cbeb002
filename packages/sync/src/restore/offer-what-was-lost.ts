import { appendAudit } from "@tributary/audit";
import { sql, type Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { NotCarried } from "../carry/not-carried.ts";
import { everyPage } from "../every-page.ts";
import { type LinkBase, putLinkBases } from "../pull/link-base.ts";
import { putStreamMarker, type StreamMarker } from "../pull/stream-marker.ts";
import type { OwnChange } from "../push/queue/gather-units.ts";
import { queueAgain } from "../push/queue/queue-own-changes.ts";
import { noteUnborn } from "../push/unborn-records.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { bucketOf, treeBuckets } from "../verify/hash-tree.ts";
import { askedBucketsMax, type ListedRecord } from "../verify/verify-handlers.ts";
import { askBuckets } from "../verify/verify-with-parent.ts";
import { askCommonPoint } from "./common-point.ts";
import { decideBase } from "./decide-base.ts";
import { keptRecordsMax } from "./kept-records.ts";
import { forgetSettled } from "./last-settled.ts";
import { type KeptBase, offerUnkept } from "./offer-unkept.ts";
import { againOf, auditOf, borrowedAmong, type OfferOptions } from "./offering.ts";
import { readSidesAnew } from "./read-sides-anew.ts";
import { readTrail } from "./stream-trail.ts";

/** Bases looked at in one step. */
const stepBases = 2_000;

const readBases = sql(`
  select type, id, local_version as "localVersion", remote_version as "remoteVersion", differs,
    is_outside as "isOutside"
  from link_bases where link = $1 and (type, id) > ($2, $3) order by type, id limit $4`);
const dropBase = sql("delete from link_bases where link = $1 and type = $2 and id = $3");

/**
 * Meets a parent whose stream is not the one that was read: one that was restored from a backup, or says so by another
 * epoch. Children are its backup: what it acknowledged and has lost is queued to be sent again.
 *
 * 1. The last place is found that this node's reading and the stream have in common.
 * 2. The entries behind it are read, to tell what the parent has changed since.
 * 3. All records are compared with the parent's list; bases are put right, and what was lost is queued.
 * 4. The marker is put back to that place, so that the pull goes on from there.
 *
 * Broken off, it is begun again: only its last step moves the marker. Returns how many records were queued; `undefined`
 * when nothing was lost, since the child was only let into the stream at a later place than it has read.
 */
export async function offerWhatWasLost(options: OfferOptions, signal: AbortSignal): Promise<number | undefined> {
  const { database, nodeId, parent, stream, connection, source, clock } = options;
  const trail = await readTrail(database, parent, stream);
  const common = await askCommonPoint(connection, stream, trail, signal);
  if (common.position > (trail[0]?.position ?? common.position)) return undefined;
  const marker: StreamMarker = { ...common, head: common.position };
  const firstSince = await source.firstVersionsAfter(marker, signal);
  let queued = 0;
  for (let from = 0; from < treeBuckets; from += askedBucketsMax) {
    const buckets = Array.from({ length: askedBucketsMax }, (_, at) => from + at);
    const { records } = await askBuckets(connection, buckets, signal);
    const there = new Map(records.map((record) => [`${record[0]}/${record[1]}`, record]));
    queued += await settle(new Set(buckets), { there, firstSince, marker }, options, signal);
  }
  await database.transaction(async (tx) => {
    if (!options.keepsMarker) await putStreamMarker(tx, parent, stream, marker, clock.now());
    await forgetSettled(tx, parent);
    await readSidesAnew(tx, parent);
    await appendAudit(tx, nodeId, [auditOf(null, "history-changed", options)]);
  });
  return queued;
}

/** What the parent has now, in some buckets, and what is known of its stream. */
interface Told {
  readonly there: ReadonlyMap<string, ListedRecord>;
  readonly firstSince: ReadonlyMap<string, number>;
  readonly marker: StreamMarker;
}

async function settle(
  buckets: ReadonlySet<number>,
  { there, firstSince, marker }: Told,
  options: OfferOptions,
  signal: AbortSignal,
): Promise<number> {
  const { database, parent, stream } = options;
  let queued = 0;
  const pages = everyPage<KeptBase>(stepBases, (last) =>
    database.all<KeptBase>(readBases, [parent, last?.type ?? "", last?.id ?? "", stepBases]),
  );
  for await (const page of pages) {
    const bases = page.filter((base) => buckets.has(bucketOf(base)));
    const unlisted = bases.filter((base) => !there.has(referenceTo(base)));
    const asked = new Set<KeptBase>();
    for (let from = 0; from < unlisted.length; from += keptRecordsMax) {
      const some = unlisted.slice(from, from + keptRecordsMax);
      const offered = await unlessCarried(offerUnkept(some, { stream, ...marker }, options, signal));
      if (offered === undefined) break;
      queued += offered;
      for (const base of some) asked.add(base);
    }
    const left = bases
      .filter((base) => !asked.has(base))
      .map((base) => ({ ...base, differs: base.differs === 1, isOutside: base.isOutside === 1 }));
    queued += await database.transaction((tx) => settleSome(tx, left, there, firstSince, options));
  }
  return queued;
}

/** Of what the parent does not list it is asked more; answers that are carried by hand do not tell it. */
async function unlessCarried(offered: Promise<number>): Promise<number | undefined> {
  try {
    return await offered;
  } catch (error) {
    if (error instanceof NotCarried) return undefined;
    throw error;
  }
}

async function settleSome(
  tx: Transaction,
  bases: readonly LinkBase[],
  there: ReadonlyMap<string, ListedRecord>,
  firstSince: ReadonlyMap<string, number>,
  options: OfferOptions,
): Promise<number> {
  const { store, parent, nodeId, clock, random } = options;
  const here = await store.readForChange(
    tx,
    bases.map(({ type, id }) => ({ type, id })),
  );
  const borrowed = await borrowedAmong(tx, bases);
  const lost: OwnChange[] = [];
  const corrected: LinkBase[] = [];
  const deleted: ResourceKey[] = [];
  for (const base of bases) {
    const { type, id } = base;
    const name = `${type}/${id}`;
    const stored = here.get(name);
    const listed = there.get(name);
    if (!stored || (!listed && borrowed.has(name) && stored.originNode !== nodeId)) continue;
    if (stored.operation === "delete" && !listed) deleted.push({ type, id });
    const local = {
      version: stored.version,
      digest: stored.bodyHash === null ? null : bodyDigestOf(stored.bodyHash),
      base,
    };
    const remote = listed && { version: listed[2], digest: listed[3] };
    const decision = decideBase(local, remote, firstSince.get(name));
    if (decision.kind === "keep") continue;
    if (decision.base) corrected.push({ type, id, ...decision.base });
    else await tx.run(dropBase, [parent, type, id]);
    if (decision.kind === "lost") {
      lost.push({ type, id, version: stored.version, transaction: againOf(stored, () => newUuid(clock, random)) });
    }
  }
  await putLinkBases(tx, parent, corrected);
  // The parent may have lost that it ever knew of them; what refers to one of them must not wait for it there.
  await noteUnborn(tx, deleted, nodeId);
  if (lost.length > 0) await queueAgain(tx, parent, nodeId, lost, () => newUuid(clock, random).slice(-12));
  await appendAudit(
    tx,
    nodeId,
    lost.map(({ type, id }) => auditOf(`${type}/${id}`, "offered-again", options)),
  );
  return lost.length;
}
