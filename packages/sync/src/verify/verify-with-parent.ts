import type { Database, Reader } from "@tributary/database";
import { type ResourceKey, type ResourceStore, referenceTo } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../line/json-object.ts";
import { readLinkBases } from "../pull/link-base.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { isResourceId, isResourceType } from "../stream/stream-page.ts";
import { bucketOf, differingBuckets, type HashTree, HashTreeBuilder } from "./hash-tree.ts";
import { readLocalDigests, readWaitingPulls } from "./read-local-digests.ts";
import { askedBucketsMax, type BucketsAnswer, type RootAnswer, type TreePlace } from "./verify-handlers.ts";

/** How often a comparison is begun again because one of the two sides changed meanwhile. */
const attemptsMax = 4;
/** Differences that are told; with more than that something larger is wrong than records. */
export const differencesMax = 10_000;

/** One record that is not alike at the two ends of a link. */
export interface Difference extends ResourceKey {
  readonly kind: "missing-here" | "missing-there" | "different";
}

/** What came of comparing all records of a link. */
export interface Verification {
  /** `out-of-step` when changes came faster than they could be compared. */
  readonly outcome: "identical" | "different" | "out-of-step";
  /** Records at the parent that this node should have. */
  readonly records: number;
  readonly differences: readonly Difference[];
  /** Own edits that have not reached the parent, and changes of the parent that wait here; they are no differences. */
  readonly waiting: number;
  /** Records that are here and none of the catchment's, such as a guest's; the parent does not list them. */
  readonly outside: number;
}

export interface VerifyOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly parent: string;
  readonly connection: ParentConnection;
  /** Brings both ends into step: pushes and pulls. */
  readonly sync: (signal: AbortSignal) => Promise<void>;
}

/**
 * Finds out whether this node and its parent hold the same, in one request when they do: the root of a hash tree; then
 * the buckets that differ; then the records in them. It compares at one place of the streams and begins again when either
 * side has moved. It changes nothing.
 */
export async function verifyWithParent(options: VerifyOptions, signal: AbortSignal): Promise<Verification> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if (attempt > 1) await options.sync(signal);
    const compared = await compare(options, signal);
    if (compared) return compared;
  }
  return { outcome: "out-of-step", records: 0, differences: [], waiting: 0, outside: 0 };
}

async function compare(options: VerifyOptions, signal: AbortSignal): Promise<Verification | undefined> {
  const { database, parent, connection } = options;
  const here = await readTree(database, parent, new Set());
  const told = await askRoot(connection, here.tree.root, signal);
  if (told.kind === "busy" || !(await isInStep(database, parent, told.places))) return undefined;
  const { records } = told;
  if (told.kind === "identical") {
    return { outcome: "identical", records, differences: [], waiting: here.waiting, outside: here.outside };
  }
  const suspended = new Set(told.suspended ?? []);
  const { tree, waiting, outside } = suspended.size === 0 ? here : await readTree(database, parent, suspended);
  const differences: Difference[] = [];
  const buckets = differingBuckets(tree.buckets, told.buckets);
  for (let at = 0; at < buckets.length && differences.length <= differencesMax; at += askedBucketsMax) {
    const found = await compareBuckets(options, buckets.slice(at, at + askedBucketsMax), suspended, signal);
    if (!found) return undefined;
    differences.push(...found);
  }
  return {
    outcome: differences.length === 0 ? "identical" : "different",
    records,
    differences: differences.slice(0, differencesMax),
    waiting,
    outside,
  };
}

/** The tree of what is here of the catchment, and how many records are not to be compared. */
async function readTree(
  database: Database,
  parent: string,
  suspended: ReadonlySet<string>,
): Promise<{ readonly tree: HashTree } & Pick<Verification, "waiting" | "outside">> {
  return database.snapshot(async (reader) => {
    const builder = new HashTreeBuilder();
    let waiting = (await readWaitingPulls(reader, parent)).size;
    let outside = 0;
    for await (const some of readLocalDigests(reader, parent, suspended)) {
      for (const record of some.records) if (!some.outside.has(referenceTo(record))) builder.add(record);
      waiting += [...some.unsent].filter((name) => !some.outside.has(name)).length;
      outside += some.outside.size;
    }
    return { tree: builder.finish(), waiting, outside };
  });
}

async function compareBuckets(
  { database, store, parent, connection }: VerifyOptions,
  buckets: readonly number[],
  suspended: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Difference[] | undefined> {
  const told = await askBuckets(connection, buckets, signal);
  return database.snapshot(async (reader) => {
    if (!(await isInStep(reader, parent, told.places))) return undefined;
    const there = new Map(told.records.map((record) => [`${record[0]}/${record[1]}`, record]));
    const asked = new Set(buckets);
    const pulls = await readWaitingPulls(reader, parent);
    const differences: Difference[] = [];
    for await (const { records, unsent, outside } of readLocalDigests(reader, parent, suspended)) {
      for (const { type, id, bodyHash } of records) {
        const name = `${type}/${id}`;
        if (!asked.has(bucketOf({ type, id }))) continue;
        const listed = there.get(name);
        there.delete(name);
        if (unsent.has(name) || pulls.has(name)) continue;
        if (!listed && outside.has(name)) continue;
        if (!listed) differences.push({ kind: "missing-there", type, id });
        else if (listed[3] !== bodyDigestOf(bodyHash)) differences.push({ kind: "different", type, id });
      }
    }
    const missing = [...there.values()]
      .map(([type, id]) => ({ type, id }))
      .filter(({ type, id }) => !pulls.has(`${type}/${id}`));
    const deleted = await deletedAndUnsent(reader, store, parent, missing);
    const lost = missing.filter(({ type, id }) => !deleted.has(`${type}/${id}`));
    return [...differences, ...lost.map((key): Difference => ({ kind: "missing-here", ...key }))];
  });
}

/** Of some records those that were deleted here without the parent's knowing it yet. */
async function deletedAndUnsent(
  reader: Reader,
  store: ResourceStore,
  parent: string,
  keys: readonly ResourceKey[],
): Promise<ReadonlySet<string>> {
  const here = await store.readMany(reader, keys);
  const bases = await readLinkBases(reader, parent, keys);
  return new Set(
    [...here].flatMap(([name, { version }]) => (version > (bases.get(name)?.localVersion ?? 0) ? [name] : [])),
  );
}

/** Whether this node has read the streams to the very places that the parent speaks of. */
async function isInStep(reader: Reader, parent: string, places: readonly TreePlace[]): Promise<boolean> {
  for (const { stream, epoch, position } of places) {
    const marker = await readStreamMarker(reader, parent, stream);
    const isThere = marker ? marker.epoch === epoch && marker.position === position : position === 0;
    if (!isThere) return false;
  }
  return true;
}

async function askRoot(connection: ParentConnection, root: string, signal: AbortSignal): Promise<RootAnswer> {
  const told = await ask(connection, `verify/root?root=${root}`, signal);
  const { kind, records, places, buckets, suspended = [] } = told as Record<string, unknown>;
  if (kind === "busy") return { kind };
  if (!Number.isSafeInteger(records) || !isListOf(places, isPlace)) throw nonsense();
  if (kind === "identical") return told as RootAnswer;
  const isListed = isListOf(suspended, (patient) => typeof patient === "string" && isResourceId(patient));
  if (kind === "different" && typeof buckets === "string" && isListed) return told as RootAnswer;
  throw nonsense();
}

/** The records of some buckets as the parent has them. */
export async function askBuckets(
  connection: ParentConnection,
  buckets: readonly number[],
  signal: AbortSignal,
): Promise<BucketsAnswer> {
  const told = await ask(connection, `verify/records?of=${buckets.join(",")}`, signal);
  const { places, records } = told as Record<string, unknown>;
  if (!isListOf(places, isPlace) || !isListOf(records, isListed)) throw nonsense();
  return told as BucketsAnswer;
}

async function ask(connection: ParentConnection, path: string, signal: AbortSignal): Promise<object> {
  const { body } = await connection.ask(path, {}, "application/json", signal);
  const value = jsonObjectIn(body);
  if (value === undefined) throw nonsense();
  return value;
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isPlace(value: unknown): boolean {
  const { stream, epoch, position } = (value ?? {}) as Record<string, unknown>;
  return typeof stream === "string" && typeof epoch === "string" && Number.isSafeInteger(position);
}

function isListed(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [type, id, version, bodyDigest] = value as unknown[];
  return isResourceType(type) && isResourceId(id) && Number.isSafeInteger(version) && typeof bodyDigest === "string";
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The answer compares no records.", { retryable: true });
}
