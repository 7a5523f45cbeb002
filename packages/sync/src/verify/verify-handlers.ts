import type { Database, Reader } from "@tributary/database";
import { countQueuedEvents } from "@tributary/events";
import type { RecordDigest } from "@tributary/fhir";
import { markersOf } from "../bootstrap/make-snapshot.ts";
import { suspendedIds } from "../catchment/members.ts";
import { type Visibility, visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { NamedPlace } from "../stream/stream-place.ts";
import { bucketOf, type HashTree, HashTreeBuilder, treeBuckets } from "./hash-tree.ts";
import { readParentDigests } from "./read-parent-digests.ts";

/** Trees kept in memory, one a catchment; each is some 3 KB. */
const keptTreesMax = 1_000;

/** Buckets that one request may ask for: with 50,000 records some 3,000 lines, a hundred kilobytes compressed. */
export const askedBucketsMax = 16;

/** Suspended patients that one answer names: of a broken rule all, who are some twenty megabytes then. */
const suspendedMax = 500_000;

/** Where a tree's records stand in the streams that announce them. */
export type TreePlace = Pick<NamedPlace, "stream" | "epoch" | "position">;

/** A record as the parent lists it for a comparison. */
export type ListedRecord = readonly [type: string, id: string, version: number, bodyDigest: string];

/** What a parent says about a child's root. */
export type RootAnswer =
  | { readonly kind: "identical"; readonly records: number; readonly places: readonly TreePlace[] }
  | {
      readonly kind: "different";
      readonly records: number;
      readonly places: readonly TreePlace[];
      readonly buckets: string;
      /** Patients whom the child has and of whom its rule cannot tell at present; they are in no tree. */
      readonly suspended?: readonly string[];
    }
  /** Changes are on their way into the streams; to be asked again in a moment. */
  | { readonly kind: "busy" };

/** What a parent has in some buckets. */
export interface BucketsAnswer {
  readonly places: readonly TreePlace[];
  readonly records: readonly ListedRecord[];
}

/**
 * Tells a child whether its records are the parent's: `identical` when the root it names is the parent's own, else the
 * digests of all buckets, and always the places in the streams for which that is true.
 */
export function createVerifyRootHandler(database: Database): ChildHandler {
  const kept = new Map<string, { readonly at: string; readonly tree: HashTree }>();

  async function treeOf(reader: Reader, visibility: Visibility, at: string): Promise<HashTree> {
    const known = kept.get(visibility.mainStream);
    if (known?.at === at) return known.tree;
    const builder = new HashTreeBuilder();
    for await (const some of readParentDigests(reader, visibility)) for (const record of some) builder.add(record);
    const tree = builder.finish();
    if (kept.size >= keptTreesMax) kept.clear();
    kept.set(visibility.mainStream, { at, tree });
    return tree;
  }

  return async (request, child) => {
    const root = request.url.searchParams.get("root");
    const answer = await database.snapshot(async (reader): Promise<RootAnswer | undefined> => {
      const visibility = await visibilityOf(reader, child.node);
      if (visibility.catchment === undefined) return undefined;
      if ((await countQueuedEvents(reader)) > 0) return { kind: "busy" };
      const places = await placesOf(reader, visibility);
      const { records, buckets, ...tree } = await treeOf(reader, visibility, JSON.stringify(places));
      if (tree.root === root) return { kind: "identical", records, places };
      const suspended = await suspendedIds(reader, visibility.catchment, suspendedMax);
      return { kind: "different", records, places, buckets, ...(suspended.length > 0 && { suspended }) };
    });
    return answer ? jsonAnswer(200, answer) : notItsOwn(child.node);
  };
}

/** Lists what is in some buckets, and the places in the streams for which that is true. */
export function createVerifyBucketsHandler(database: Database): ChildHandler {
  return async (request, child) => {
    const asked = (request.url.searchParams.get("of") ?? "").split(",").map(Number);
    if (
      asked.length > askedBucketsMax ||
      !asked.every((one) => Number.isInteger(one) && one >= 0 && one < treeBuckets)
    ) {
      return refusal(400, "REMOTE_REFUSED", `Ask for 1 to ${askedBucketsMax} buckets, from 0 to ${treeBuckets - 1}.`);
    }
    const buckets = new Set(asked);
    const answer = await database.snapshot(async (reader): Promise<BucketsAnswer | undefined> => {
      const visibility = await visibilityOf(reader, child.node);
      if (visibility.catchment === undefined) return undefined;
      const records: ListedRecord[] = [];
      for await (const some of readParentDigests(reader, visibility)) {
        records.push(...some.filter((record) => buckets.has(bucketOf(record))).map(listed));
      }
      return { places: await placesOf(reader, visibility), records };
    });
    return answer ? jsonAnswer(200, answer) : notItsOwn(child.node);
  };
}

function listed({ type, id, version, bodyHash }: RecordDigest): ListedRecord {
  return [type, id, version, bodyDigestOf(bodyHash)];
}

async function placesOf(reader: Reader, visibility: Visibility): Promise<TreePlace[]> {
  return (await markersOf(reader, visibility)).map(({ stream, epoch, position }) => ({ stream, epoch, position }));
}

function notItsOwn(node: string) {
  return refusal(403, "REMOTE_REFUSED", `The node ${node} has no catchment here.`);
}
