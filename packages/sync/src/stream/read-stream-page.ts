import type { Reader } from "@tributary/database";
import { type FeedEntry, readFeedHead, readFeedRange, readLogIdentity, streamFeed } from "@tributary/events";
import { streamPageEntries } from "../line/protocol.ts";
import { bodyDigestOf, entryDigestOf, type StreamEntry } from "./stream-entry.ts";
import type { StreamPage } from "./stream-page.ts";

/** What the types of events about a catchment's patients begin with. */
const movementEvents = "catchment.";

/** A page as the parent's database has it, or what there is instead. */
export type PageReading =
  | { readonly kind: "page"; readonly page: StreamPage }
  | { readonly kind: "other-epoch"; readonly epoch: string }
  | { readonly kind: "no-such-page"; readonly lastPage: number };

/** A page by its number; with `after`, only its entries behind that position. */
export interface AskedPage {
  readonly epoch: string;
  readonly page: number;
  readonly after?: number;
}

/**
 * Reads one page of a stream: a key range, whatever its depth. `recent` is the page that is still being written; it is
 * empty when the last one has just been sealed.
 */
export async function readStreamPage(
  reader: Reader,
  stream: string,
  asked: "recent" | AskedPage,
): Promise<PageReading> {
  const feed = streamFeed(stream);
  const { epoch } = await readLogIdentity(reader);
  if (asked !== "recent" && asked.epoch !== epoch) return { kind: "other-epoch", epoch };
  const head = await readFeedHead(reader, feed);
  const lastPage = Math.floor(head / streamPageEntries) + 1;
  const page = asked === "recent" ? lastPage : asked.page;
  if (page < 1 || page > lastPage) return { kind: "no-such-page", lastPage };
  const last = Math.min(head, page * streamPageEntries);
  const after = asked === "recent" ? 0 : (asked.after ?? 0);
  const from = Math.max((page - 1) * streamPageEntries, Math.min(after, last)) + 1;
  const rows = await readFeedRange(reader, feed, Math.max(1, from - 1), last);
  const entries = rows.map(streamEntryOf);
  const before = from > 1 ? entries.shift() : undefined;
  return {
    kind: "page",
    page: {
      stream,
      epoch,
      page,
      isSealed: last === page * streamPageEntries,
      head,
      from,
      before: before ? entryDigestOf(before) : null,
      entries,
    },
  };
}

/** What children are told of one event record at its position. */
export function streamEntryOf({ feedPosition, record }: FeedEntry): StreamEntry {
  return {
    position: feedPosition,
    type: record.entityType ?? "",
    id: record.entityId ?? "",
    version: record.version ?? 0,
    isDeleted: record.operation === "delete",
    bodyDigest: record.bodyHash ? bodyDigestOf(record.bodyHash) : "",
    originNode: record.originNode,
    originOperation: record.originOperation,
    orderKey: record.orderKey,
    transaction: record.transactionId,
    ...(record.eventType?.startsWith(movementEvents) ? { movement: movementOf(record.operation) } : {}),
  };
}

/** A movement that this version does not know is taken for an exit: it shows nothing. */
function movementOf(operation: string | null): "enter" | "exit" {
  return operation === "enter" ? "enter" : "exit";
}
