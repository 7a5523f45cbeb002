import type { Reader } from "@tributary/database";
import {
  type JsonObject,
  parseReference,
  type ResourceKey,
  type ResourceStore,
  readBodyHashes,
  referenceTo,
  type StoredVersion,
} from "@tributary/fhir";
import { isHeldBack, type PushPlan, planned } from "../control/push-plan.ts";
import { type LinkBase, readLinkBases } from "../pull/link-base.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { literalReferences } from "./literal-references.ts";
import { parseOperationName } from "./operation-name.ts";
import { authorLengthMax } from "./push-batch.ts";
import type { PushedRecord, PushUnit } from "./push-unit.ts";
import { recordsOf, unitRecordsMax } from "./queue/gather-units.ts";
import type { QueuedUnit } from "./queue/queued-unit.ts";
import { readHeldUnits, readQueuedUnits } from "./queue/read-units.ts";
import type { RecordOrigin } from "./record-origin.ts";
import { findUnborn, hasUnborn, tellingUnborn } from "./unborn-records.ts";

/** A queued unit with the content that goes over the line. */
export interface PackedUnit {
  readonly queued: QueuedUnit;
  readonly unit: PushUnit;
  /** The versions of it that are not here any more, since their record was purged; mostly none. */
  readonly gone: readonly GoneVersion[];
}

/** A version that was queued and is not here any more. */
export interface GoneVersion extends ResourceKey {
  readonly version: number;
}

/**
 * Fills one request from the front of the queue, up to a number of bytes but with one unit at least. A unit with versions
 * that are gone is not to be sent: see `strikeGone`.
 *
 * It stops before a unit that has a record of an earlier one: the later edit can say what it was made on only when the
 * verdict on the earlier one is here.
 */
export async function packUnits(
  reader: Reader,
  store: ResourceStore,
  parent: string,
  queued: readonly QueuedUnit[],
  bytesMax: number,
): Promise<PackedUnit[]> {
  const candidates = untilRepeated(queued);
  const keys = candidates.flatMap(({ changes }) => recordsOf(changes));
  const current = await store.readMany(reader, keys);
  const bases = await readLinkBases(reader, parent, keys);
  const baseHashes = await readBodyHashes(
    reader,
    [...bases.values()].map(({ type, id, localVersion }) => ({ type, id, version: localVersion })),
  );
  const packed: PackedUnit[] = [];
  const sender = candidates[0] && parseOperationName(candidates[0].operationId)?.node;
  let bytes = 0;
  for (const one of candidates) {
    const records: PushedRecord[] = [];
    const gone: GoneVersion[] = [];
    for (const key of recordsOf(one.changes)) {
      const name = `${key.type}/${key.id}`;
      const now = current.get(name);
      const stored = now?.version === key.version ? now : await store.readVersion(reader, key, key.version);
      if (stored)
        records.push(await pushedRecord(reader, store, stored, bases.get(name), baseHashes.get(name), sender));
      else gone.push(key);
    }
    const size = records.reduce((sum, { body, baseBody }) => sum + (body?.length ?? 0) + (baseBody?.length ?? 0), 0);
    if (packed.length > 0 && bytes + size > bytesMax) break;
    bytes += size;
    packed.push({ queued: one, unit: { operationId: one.operationId, records }, gone });
  }
  return (await hasUnborn(reader)) ? besideUnborn(reader, store, packed) : packed;
}

/** The same units, each with the records beside it that it refers to and that were never seen above. */
async function besideUnborn(
  reader: Reader,
  store: ResourceStore,
  packed: readonly PackedUnit[],
): Promise<PackedUnit[]> {
  const targets = packed.map(({ unit }) => targetsOf(unit.records));
  const unborn = new Map((await stillUnborn(reader, store, targets.flat())).map((key) => [referenceTo(key), key]));
  return packed.map(({ unit, ...other }, at) => {
    const beside = targets[at]!.flatMap((key) => unborn.get(referenceTo(key)) ?? []);
    // What is not told beside a unit for want of room is missing above, and named there.
    beside.splice(Math.max(0, unitRecordsMax - unit.records.length));
    return { ...other, unit: { ...unit, records: [...unit.records, ...beside.map(tellingUnborn)] } };
  });
}

/** Those of some records that were never seen above, apart from those that somebody has revived since. */
async function stillUnborn(
  reader: Reader,
  store: ResourceStore,
  keys: readonly ResourceKey[],
): Promise<readonly ResourceKey[]> {
  const unborn = await findUnborn(reader, keys);
  const here = await store.readMany(reader, unborn);
  return unborn.filter((key) => (here.get(referenceTo(key))?.operation ?? "delete") === "delete");
}

/** What records of a unit refer to outside it. */
function targetsOf(records: readonly PushedRecord[]): ResourceKey[] {
  const targets = new Set<string>();
  for (const { body } of records) {
    if (body !== null) for (const name of literalReferences(JSON.parse(body) as JsonObject)) targets.add(name);
  }
  for (const { type, id } of records) targets.delete(`${type}/${id}`);
  return [...targets].flatMap((name) => parseReference(name) ?? []);
}

/** Units looked at in one step. */
const unitsPerStep = 500;
/** Units among which those are looked for that go first: what a thin line carries in days. */
const plannedUnitsMax = 5_000;

/**
 * The oldest units that may be sent. A unit with a record of one that is parked or was stepped over waits behind it, and
 * so does what comes behind that one. The plan says what is held back besides, and what goes first.
 */
export async function frontOfQueue(
  reader: Reader,
  parent: string,
  limit: number,
  plan: PushPlan = {},
): Promise<QueuedUnit[]> {
  const waiting = new Set((await readHeldUnits(reader, parent)).flatMap(namesOf));
  const front: QueuedUnit[] = [];
  const enough = plan.only ? Number.POSITIVE_INFINITY : plannedUnitsMax;
  for (let after = 0; ; ) {
    const some = await readQueuedUnits(reader, parent, unitsPerStep, after);
    for (const unit of some) {
      const names = namesOf(unit);
      if (isHeldBack(unit, plan) || names.some((name) => waiting.has(name))) {
        for (const name of names) waiting.add(name);
      } else front.push(unit);
    }
    after = some.at(-1)?.counter ?? after;
    if (front.length >= enough || some.length < unitsPerStep) return planned(front, plan).slice(0, limit);
  }
}

function namesOf({ changes }: QueuedUnit): string[] {
  return changes.map(({ type, id }) => `${type}/${id}`);
}

function untilRepeated(queued: readonly QueuedUnit[]): QueuedUnit[] {
  const seen = new Set<string>();
  const taken: QueuedUnit[] = [];
  for (const unit of queued) {
    const names = namesOf(unit);
    if (names.some((name) => seen.has(name))) break;
    for (const name of names) seen.add(name);
    taken.push(unit);
  }
  return taken;
}

async function pushedRecord(
  reader: Reader,
  store: ResourceStore,
  stored: StoredVersion,
  base: LinkBase | undefined,
  baseHash: string | null | undefined,
  sender: string | undefined,
): Promise<PushedRecord> {
  const madeOnVersion = base?.differs ? base.localVersion : deletedVersion(stored, base);
  const madeOn = madeOnVersion > 0 ? await store.readVersion(reader, stored.key, madeOnVersion) : undefined;
  const isMadeOnDeletion = madeOn?.operation === "delete";
  const isMadeOnWhatIsGone = base?.differs === true && madeOn === undefined;
  return {
    ...stored.key,
    version: stored.version,
    body: stored.body ?? null,
    bodyHash: stored.bodyHash,
    baseVersion: base && base.remoteVersion > 0 && !isMadeOnWhatIsGone ? base.remoteVersion : null,
    baseDigest: base?.differs ? (isMadeOnDeletion ? "" : null) : digestOf(baseHash),
    baseBody: madeOn?.body ?? null,
    isSuperseded: base !== undefined && base.remoteVersion > 0 && base.localVersion > stored.version,
    origin: stored.originNode === sender ? null : originOf(stored),
    author: stored.author?.slice(0, authorLengthMax) || null,
    writtenAt: stored.originNode === sender ? stored.lastUpdated : null,
  };
}

function digestOf(bodyHash: string | null | undefined): string | null {
  if (bodyHash === undefined) return null;
  return bodyHash === null ? "" : bodyDigestOf(bodyHash);
}

/**
 * The version that a deletion goes with: a parent that was restored may know nothing of it, and others may come with it. 0
 * for none, also where both ends have only the parent's version in common.
 */
function deletedVersion({ operation, version }: StoredVersion, base: LinkBase | undefined): number {
  const isByParentsVersion = base !== undefined && base.remoteVersion > 0 && base.localVersion === 0;
  return operation === "delete" && !isByParentsVersion ? version - 1 : 0;
}

function originOf({
  originNode: node,
  originVersion: version,
  originOperation: operation,
}: StoredVersion): RecordOrigin {
  return { node, version, operation };
}
