import { type AuditEntry, listAudit } from "@tributary/audit";
import type { Reader } from "@tributary/database";
import {
  allFeed,
  categoryFeed,
  type EventRecord,
  findFeedPosition,
  readFeedRange,
  streamFeed,
} from "@tributary/events";
import { type EventAtSubscription, entryIdPrefix, readEventAtSubscriptions } from "@tributary/feed";
import { catchmentStream, everythingCatchment, listAssignments, listChildNodes } from "@tributary/sync";
import type { Node } from "../node/open-node.ts";
import { ownFeedAt } from "./own-feed.ts";

/** Entries of the trail that are looked through for what children told of the record. */
const toldMax = 500;

/** What became of one event at one consumer. */
export interface EventAtConsumer {
  readonly consumer: string;
  readonly kind: "subscription" | "child";
  readonly feed: string;
  readonly state: "taken" | "failed" | "dead" | "waiting" | "not-yet" | "outside" | "unknown";
  /** When it was taken or failed first, in milliseconds since 1970; `null` where it is not known. */
  readonly at: number | null;
  /** Why it failed; a subscription's may hold personal data. */
  readonly error: string | null;
  readonly retries: number;
  /** Entries of its feed up to this one that it has not read; only while it has not come to it. */
  readonly behind: number | null;
}

/** One event, where it stands in the feeds, and what became of it at each of its consumers. */
export interface FollowedEvent {
  readonly event: EventRecord;
  readonly places: readonly { readonly category: string; readonly position: number; readonly page: number }[];
  readonly consumers: readonly EventAtConsumer[];
}

type FollowingNode = Pick<Node, "database" | "feed" | "config">;

/**
 * Follows one event, by its uuid or its entry's id, through every subscription of this node and every child. A child has
 * taken it when its marker is past it; when it did so is known once the child has told its audit trail. `undefined` when this
 * node has no such event.
 */
export async function followEvent(node: FollowingNode, id: string): Promise<FollowedEvent | undefined> {
  const uuid = id.replace(entryIdPrefix, "");
  return node.database.snapshot(async (reader) => {
    const position = await findFeedPosition(reader, allFeed, uuid);
    const event = position === undefined ? undefined : (await readFeedRange(reader, allFeed, position, position))[0];
    if (!event) return undefined;
    const { record } = event;
    const categories = ["all", ...(record.category === null ? [] : [record.category])];
    const places = [];
    for (const category of categories) {
      const at = await positionIn(reader, category, uuid);
      if (at !== undefined) places.push({ category, position: at, page: await node.feed.pageOf(at) });
    }
    const consumers = [...(await atSubscriptions(node, reader, uuid)), ...(await atChildren(reader, record))];
    return { event: record, places, consumers };
  });
}

function positionIn(reader: Reader, category: string, uuid: string): Promise<number | undefined> {
  return findFeedPosition(reader, category === "all" ? allFeed : categoryFeed(category), uuid);
}

async function atSubscriptions(node: FollowingNode, reader: Reader, uuid: string): Promise<EventAtConsumer[]> {
  const found = [];
  for (const one of await readEventAtSubscriptions(reader, entryIdPrefix + uuid)) {
    found.push(await atSubscription(node, reader, uuid, one));
  }
  return found;
}

async function atSubscription(
  node: FollowingNode,
  reader: Reader,
  uuid: string,
  { consumer, feedUri, isRemembered, readAt, failed, failedAt, retries, message, lastEntryId }: EventAtSubscription,
): Promise<EventAtConsumer> {
  const told = { consumer, kind: "subscription", feed: feedUri, retries, error: null, behind: null } as const;
  if (failed !== null) {
    const state = failed === "retrying" ? "failed" : failed;
    return { ...told, state, at: failedAt === null ? null : momentOf(failedAt), error: message };
  }
  if (isRemembered) return { ...told, state: "taken", at: readAt };
  const own = ownFeedAt(feedUri, node);
  if (!own) return { ...told, state: "unknown", at: null };
  const position = await positionIn(reader, own.category, uuid);
  if (position === undefined) return { ...told, state: "outside", at: null };
  const marker =
    lastEntryId === null ? 0 : await positionIn(reader, own.category, lastEntryId.replace(entryIdPrefix, ""));
  if (marker === undefined) return { ...told, state: "unknown", at: null };
  if (marker >= position) return { ...told, state: "taken", at: null };
  return { ...told, state: "not-yet", at: null, behind: position - marker };
}

async function atChildren(reader: Reader, record: EventRecord): Promise<EventAtConsumer[]> {
  const catchments = new Map((await listAssignments(reader)).map(({ node, catchment }) => [node, catchment]));
  const streamOf = (node: string) => catchmentStream(catchments.get(node) ?? everythingCatchment);
  const children = (await listChildNodes(reader)).filter(({ revokedAt }) => revokedAt === null);
  const positions = new Map<string, number | undefined>();
  for (const stream of new Set(children.map(({ node }) => streamOf(node)))) {
    positions.set(stream, await findFeedPosition(reader, streamFeed(stream), record.uuid));
  }
  const told = await toldOf(reader, record);
  return children.map(({ node, markerPosition }) => {
    const feed = streamOf(node);
    const position = positions.get(feed);
    const about = { consumer: node, kind: "child", feed, retries: 0, error: null, behind: null } as const;
    const entry = told.get(node);
    if (entry?.operation === "failed-attempt") {
      return { ...about, state: "failed", at: entry.at, error: entry.error };
    }
    if (position === undefined) return { ...about, state: "outside", at: null };
    if (entry || (markerPosition ?? 0) >= position) return { ...about, state: "taken", at: entry?.at ?? null };
    return { ...about, state: "not-yet", at: null, behind: position - (markerPosition ?? 0) };
  });
}

/** The latest that each child told of the record since the event: that it took it in, or could not. */
async function toldOf(reader: Reader, record: EventRecord): Promise<ReadonlyMap<string, AuditEntry>> {
  if (record.entityType === null || record.entityId === null) return new Map();
  const reference = `${record.entityType}/${record.entityId}`;
  const { entries } = await listAudit(reader, { reference, since: record.publishedAt }, { limit: toldMax });
  const byNode = new Map<string, AuditEntry>();
  // The list has the latest first: of several pulls the earliest counts, and a failure only where none came to an end.
  for (const entry of entries) {
    if (entry.operation === "pull") byNode.set(entry.node, entry);
    else if (entry.operation === "failed-attempt" && !byNode.has(entry.node)) byNode.set(entry.node, entry);
  }
  return byNode;
}

function momentOf(text: string): number | null {
  const at = Date.parse(`${text.replace(" ", "T")}Z`);
  return Number.isNaN(at) ? null : at;
}
