import { allFeed, categoryFeed, findFeedPosition, readFeedHead } from "@tributary/events";
import { entryIdPrefix, listSubscriptions, type SubscriptionState } from "@tributary/feed";
import type { Node } from "../node/open-node.ts";
import { ownFeedAt } from "./own-feed.ts";

/** A consumer that keeps its marker on this node, and how far it is behind an own feed. */
export interface FeedConsumer extends SubscriptionState {
  /** The category of an own feed; `null` for a feed of another system. */
  readonly category: string | null;
  /** `null` for a feed of another system, and where the marker's entry is not on the feed any more. */
  readonly behind: number | null;
}

/** Every consumer that keeps its marker on this node, by feed and name. */
export async function listFeedConsumers(node: Pick<Node, "database" | "config">): Promise<FeedConsumer[]> {
  return node.database.snapshot(async (reader) => {
    const consumers: FeedConsumer[] = [];
    for (const state of await listSubscriptions(reader)) {
      const category = ownFeedAt(state.feedUri, node)?.category ?? null;
      if (category === null) {
        consumers.push({ ...state, category, behind: null });
        continue;
      }
      const feed = category === "all" ? allFeed : categoryFeed(category);
      const head = await readFeedHead(reader, feed);
      const uuid = state.lastEntryId?.replace(entryIdPrefix, "");
      const position = uuid === undefined ? 0 : await findFeedPosition(reader, feed, uuid);
      consumers.push({ ...state, category, behind: position === undefined ? null : Math.max(0, head - position) });
    }
    return consumers;
  });
}
