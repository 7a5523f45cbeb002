import { allFeed, categoryFeed, findFeedPosition } from "@tributary/events";
import { entryIdPrefix, type FetchPage, findMarker, type MarkerTarget, placeMarker } from "@tributary/feed";
import { configError, configSentence } from "../config/config-sentences.ts";
import { appendNodeAudit } from "../node/node-audit.ts";
import type { Node } from "../node/open-node.ts";
import { type OwnFeed, ownFeedAt, ownPagesOf } from "./own-feed.ts";

/** Whose marker is put where, and why. */
export interface MarkerMove {
  readonly consumer: string;
  /** The address subscribed to. */
  readonly feedUri: string;
  readonly to: MarkerTarget;
  readonly reason: string;
}

/** Where the marker stood and where it stands, by the entries; `null` before everything. */
export interface MovedMarker {
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Puts a consumer's marker before everything, behind everything, or behind an entry, audited with the reason. The feed is
 * asked whether it has the entry, another system's without credentials. Throws `FEED_ENTRY_MISSING` when it has not, `CONFIG_INVALID` for a consumer that keeps no
 * marker here, and what asking another system's feed throws; the marker stays then.
 */
export async function moveConsumerMarker(
  node: Pick<Node, "database" | "feed" | "config" | "clock" | "id">,
  { consumer, feedUri, to, reason }: MarkerMove,
  author: string,
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal: AbortSignal },
): Promise<MovedMarker> {
  const { database, clock } = node;
  const own = ownFeedAt(feedUri, node);
  const target = typeof to === "string" ? to : { entry: withPrefix(to.entry) };
  const page = own && typeof target === "object" ? { pageUri: await ownPageOf(node, own, target.entry) } : {};
  const pages: FetchPage = own ? ownPagesOf(node, own) : (address, request) => fetch(address, request);
  const marker = await findMarker(target, { feedUri, fetch: pages, clock, ...page }, signal);
  return database.transaction(async (tx) => {
    const before = await placeMarker(tx, { consumer, feedUri }, marker);
    const after = marker.entryId ?? (to === "now" ? "now" : "beginning");
    await appendNodeAudit(
      tx,
      { nodeId: node.id, author, now: clock.now() },
      {
        operation: "manual",
        link: consumer,
        operationId: `${before.entryId ?? "beginning"} -> ${after}`,
        outcome: "marker-moved",
        reason,
      },
    );
    return { before: before.entryId, after: marker.entryId };
  });
}

async function ownPageOf(
  { database, feed }: Pick<Node, "database" | "feed">,
  { category, folder }: OwnFeed,
  entry: string,
): Promise<string> {
  const name = category === "all" ? allFeed : categoryFeed(category);
  const position = await findFeedPosition(database, name, entry.replace(entryIdPrefix, ""));
  if (position === undefined) {
    throw configError(configSentence("feed-entry-unknown", {}), { code: "FEED_ENTRY_MISSING" });
  }
  return `${folder}${await feed.pageOf(position)}`;
}

/** An entry can be named by its id or by the part of it that is its own. */
function withPrefix(entry: string): string {
  return /^[0-9a-f-]{36}$/i.test(entry) ? entryIdPrefix + entry : entry;
}
