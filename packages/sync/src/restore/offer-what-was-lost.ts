import { type AuditDraft, appendAudit, auditDraft } from "@tributary/audit";
import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { patientsOfRecords, type ResourceKey, type ResourceStore } from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { departedAmong } from "../catchment/follow/departures.ts";
import { guestsAmong } from "../catchment/follow/guest-patients.ts";
import { type LinkBase, putLinkBases } from "../pull/link-base.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import type { ParentSource } from "../pull/parent-source.ts";
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
import { forgetSettled } from "./last-settled.ts";
import { readSidesAnew } from "./read-sides-anew.ts";
import { readTrail } from "./stream-trail.ts";

/** Bases looked at in one step. */
const stepBases = 2_000;

const readBases = sql(`
  select type, id, local_version as "localVersion", remote_version as "remoteVersion", differs
  from link_bases where link = $1 and (type, id) > ($2, $3) order by type, id limit $4`);
const dropBase = sql("delete from link_bases where link = $1 and type = $2 and id = $3");

export interface OfferOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly stream: string;
  readonly connection: ParentConnection;
  readonly source: ParentSource;
  readonly clock: Clock;
  readonly random: Random;
  /** Left out, the pull goes on from the common place; a child that takes its catchment up anew goes on from elsewhere. */
  readonly keepsMarker?: boolean;
}

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
    queued += await settle(new Set(buckets), there, firstSince, options);
  }
  await database.transaction(async (tx) => {
    if (!options.keepsMarker) await putStreamMarker(tx, parent, stream, marker, clock.now());
    await forgetSettled(tx, parent);
    await readSidesAnew(tx, parent);
    await appendAudit(tx, nodeId, [auditOf(null, "history-changed", options)]);
  });
  return queued;
}

async function settle(
  buckets: ReadonlySet<number>,
  there: ReadonlyMap<string, ListedRecord>,
  firstSince: ReadonlyMap<string, number>,
  options: OfferOptions,
): Promise<number> {
  const { database, parent } = options;
  let queued = 0;
  for (let after: LinkBase | undefined; ; ) {
    const page = await database.all<LinkBase>(readBases, [parent, after?.type ?? "", after?.id ?? "", stepBases]);
    const bases = page.filter((base) => buckets.has(bucketOf(base)));
    queued += await database.transaction((tx) => settleSome(tx, bases, there, firstSince, options));
    if (page.length < stepBases) return queued;
    after = page.at(-1);
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
    if (!stored || (borrowed.has(name) && stored.originNode !== nodeId)) continue;
    const listed = there.get(name);
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
      lost.push({ type, id, version: stored.version, transaction: `again-${newUuid(clock, random)}` });
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

/** Records that are here and that no parent lists, by `Type/id`: of guests, and of who has left and is kept. */
export async function borrowedAmong(reader: Reader, bases: readonly ResourceKey[]): Promise<ReadonlySet<string>> {
  const patients = await patientsOfRecords(reader, bases);
  const named = [...new Set([...patients.values()].filter((patient) => patient !== null))];
  const away = new Set([...(await guestsAmong(reader, named)), ...(await departedAmong(reader, named))]);
  return new Set([...patients].flatMap(([name, patient]) => (patient !== null && away.has(patient) ? [name] : [])));
}

/** What the audit trail keeps of a parent that has lost something: of the whole link, or of one record sent again. */
export function auditOf(
  reference: string | null,
  outcome: string,
  { parent, clock }: Pick<OfferOptions, "parent" | "clock">,
): AuditDraft {
  return auditDraft({
    at: clock.now(),
    actor: parent,
    operation: reference === null ? "pull" : "push",
    reference,
    link: parent,
    outcome,
  });
}
