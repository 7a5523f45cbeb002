import type { Transaction } from "@tributary/database";
import { referenceTo, type StoredVersion } from "@tributary/fhir";
import { NotCarried } from "../line/not-carried.ts";
import { everyLinkBase, type LinkBase } from "../pull/link-base.ts";
import { putStreamMarker, type StreamMarker } from "../pull/stream-marker.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { readTrail } from "../stream/stream-trail.ts";
import { bucketOf, treeBuckets } from "../verify/hash-tree.ts";
import { askedBucketsMax, type ListedRecord } from "../verify/verify-handlers.ts";
import { askBuckets } from "../verify/verify-with-parent.ts";
import { askCommonPoint } from "./common-point.ts";
import { type AgreedRecord, decideBase } from "./decide-base.ts";
import { noteHistoryChanged } from "./history-changed.ts";
import { keptRecordsMax } from "./kept-records.ts";
import { type Finding, offerAgain } from "./offer-again.ts";
import { offerUnkept } from "./offer-unkept.ts";
import { borrowedAmong, type OfferOptions } from "./offering.ts";

/** Bases looked at in one step. */
const stepBases = 2_000;

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
  const { database, parent, stream, connection, source, clock } = options;
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
    await noteHistoryChanged(tx, options);
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
  for await (const page of everyLinkBase(database, parent, stepBases)) {
    const bases = page.filter((base) => buckets.has(bucketOf(base)));
    const here = await options.store.readMany(database, bases);
    const isOpen = (base: LinkBase) => isOpenAbout(base, here.get(referenceTo(base)), { there, firstSince });
    const open = bases.filter(isOpen);
    const asked = new Set<LinkBase>();
    for (let from = 0; from < open.length; from += keptRecordsMax) {
      const some = open.slice(from, from + keptRecordsMax);
      const offered = await unlessCarried(offerUnkept(some, { stream, ...marker }, options, signal));
      if (offered === undefined) break;
      queued += offered;
      for (const base of some) asked.add(base);
    }
    const left = bases.filter((base) => !asked.has(base));
    queued += await database.transaction((tx) => settleSome(tx, left, there, firstSince, options));
  }
  return queued;
}

/**
 * Whether the list does not tell if the parent has what was agreed on: it has no such record, or one with other content, which
 * it may have written since without the stream's having told, as while this child was comparing or did not have the patient.
 */
function isOpenAbout(
  base: LinkBase,
  stored: StoredVersion | undefined,
  { there, firstSince }: Pick<Told, "there" | "firstSince">,
): boolean {
  const listed = there.get(referenceTo(base));
  if (!listed) return true;
  if (!stored || base.differs) return false;
  const local = agreedOf(base, stored);
  const isAlike = local.digest === listed[3];
  const decision = decideBase(local, { version: listed[2], digest: listed[3] }, firstSince.get(referenceTo(base)));
  return !isAlike && decision.kind === "keep";
}

function agreedOf(base: LinkBase, { version, bodyHash }: StoredVersion): AgreedRecord {
  return { version, digest: bodyHash === null ? null : bodyDigestOf(bodyHash), base };
}

/** Of what the list leaves open the parent is asked more; answers that are carried by hand do not tell it. */
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
  const { store, nodeId } = options;
  const here = await store.readForChange(
    tx,
    bases.map(({ type, id }) => ({ type, id })),
  );
  const borrowed = await borrowedAmong(tx, bases);
  const found: Finding = { lost: [], corrected: [], unknown: [], deleted: [] };
  for (const base of bases) {
    const { type, id } = base;
    const name = `${type}/${id}`;
    const stored = here.get(name);
    const listed = there.get(name);
    if (!stored || (!listed && borrowed.has(name) && stored.originNode !== nodeId)) continue;
    if (stored.operation === "delete" && !listed) found.deleted.push({ type, id });
    const local = agreedOf(base, stored);
    const remote = listed && { version: listed[2], digest: listed[3] };
    const decision = decideBase(local, remote, firstSince.get(name));
    if (decision.kind === "keep") continue;
    if (decision.base) found.corrected.push({ type, id, ...decision.base });
    else found.unknown.push({ type, id });
    if (decision.kind === "lost") found.lost.push(stored);
  }
  return offerAgain(tx, found, options);
}
