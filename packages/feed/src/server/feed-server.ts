import type { Database } from "@tributary/database";
import {
  allFeed,
  categoryFeed,
  type FeedEntry,
  type FeedName,
  readFeedHead,
  readFeedRange,
  readLogIdentity,
} from "@tributary/events";
import {
  type Clock,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  type Logger,
  silentLogger,
  TributaryError,
} from "@tributary/kernel";
import { feedMediaType } from "../atom/atom-feed.ts";
import { writeAtomFeed } from "../atom/write-atom-feed.ts";
import { ChunkingHistory } from "./chunking-history.ts";
import { entityTag, namesTag } from "./entity-tag.ts";
import { type FeedIdentity, requireIdentity } from "./feed-identity.ts";
import { type FeedPage, feedDocument, midnight } from "./feed-page.ts";
import { lastPage, pageRange } from "./page-arithmetic.ts";
import { SealedPages } from "./sealed-pages.ts";

/** Some thousand pages of five entries; readers that catch up together are seldom further apart. */
const sealedCharactersMaxDefault = 8 * 1024 * 1024;

/** What a feed server answers from, and how it calls itself. */
export interface FeedServerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: FeedIdentity;
  readonly logger?: Logger;
  /** Whether pages carry our own additions, in namespaces of their own; `true` by default. */
  readonly withExtensions?: boolean;
  /** The memory that rendered archived pages may take, in characters; 0 keeps none. */
  readonly sealedCharactersMax?: number;
}

/** Answers for the pages of all feeds of one node. */
export interface FeedServer {
  /**
   * Answers GET and HEAD. `request.parameters.page` is `recent` or a number; `category` names the feed, and without it
   * the page is one of the feed of all events. `request.url` must be the address that the client sees.
   */
  readonly handle: HttpHandler;
  /** The number of the page on which a position of any feed stands. */
  pageOf(position: number): Promise<number>;
}

/**
 * Serves event records as the deployed atomfeed servers do, and adds entity tags and caching.
 *
 * A page is a range of keys at any depth: its cost does not grow with the log. It reads only, but for the first use of
 * a new row of `chunking_history`. Throws `CONFIG_INVALID` for an identity with an unsupported chunking strategy.
 */
export function createFeedServer(options: FeedServerOptions): FeedServer {
  const { database, clock, identity, logger = silentLogger, withExtensions = true } = options;
  requireIdentity(identity);
  const chunking = new ChunkingHistory(database, logger);
  const sealedPages = new SealedPages(options.sealedCharactersMax ?? sealedCharactersMaxDefault);
  const makersTag = entityTag(JSON.stringify(identity), withExtensions);

  async function handle(request: HttpRequest): Promise<HttpResponse> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return { ...plain(405, "A feed page can only be read."), headers: { ...plainHeaders, allow: "GET, HEAD" } };
    }
    const { category, page: asked = "" } = request.parameters;
    if (asked !== "recent" && !/^-?\d+$/.test(asked)) return plain(400, `"recent" or a number names a feed page.`);
    const feed = category === undefined ? allFeed : categoryFeed(category);
    try {
      const page = await findPage(feed, request.url, asked);
      return typeof page === "string" ? missing(page) : await answer(request, feed, page);
    } catch (error) {
      if (error instanceof TributaryError && error.code === "CONFIG_INVALID") {
        logger.error({ err: error }, "No feed page can be served.");
        return missing(error.message);
      }
      throw error;
    }
  }

  async function findPage(feed: FeedName, url: URL, asked: string): Promise<FeedPage | string> {
    const cuts = await chunking.cuts();
    const [head, log] = await Promise.all([readFeedHead(database, feed), readLogIdentity(database)]);
    const last = lastPage(cuts, head);
    const number = asked === "recent" ? last : Number(asked);
    if (asked === "recent" && number === 0) {
      return {
        url,
        isRecent: true,
        number,
        range: { from: 1, to: 0 },
        isSealed: false,
        log: { id: log.logId, epoch: log.epoch },
      };
    }
    if (number < 1) return "feedId must not be null and must be greater than 0";
    const range = number > last ? undefined : pageRange(cuts, number);
    if (!range) return "feed does not exist";
    return {
      url,
      isRecent: asked === "recent",
      number,
      range: { from: range.from, to: Math.min(range.to, head) },
      isSealed: number < last,
      log: { id: log.logId, epoch: log.epoch },
    };
  }

  async function answer(request: HttpRequest, feed: FeedName, page: FeedPage): Promise<HttpResponse> {
    const newest = page.isSealed ? undefined : (await readFeedRange(database, feed, page.range.to, page.range.to))[0];
    const tag = tagOf(feed, page, newest);
    const headers = { etag: tag, "cache-control": page.isSealed ? sealedCaching : workingCaching };
    if (namesTag(request.headers["if-none-match"], tag)) return { status: 304, headers };
    const { body, lastModified } = sealedPages.get(tag) ?? (await render(feed, page));
    if (page.isSealed) sealedPages.put(tag, { body, lastModified });
    const described = {
      ...headers,
      "content-type": `${feedMediaType};charset=UTF-8`,
      ...(lastModified === undefined ? {} : { "last-modified": new Date(lastModified).toUTCString() }),
    };
    if (request.method === "GET") return { status: 200, headers: described, body };
    return { status: 200, headers: { ...described, "content-length": String(Buffer.byteLength(body)) } };
  }

  /** Whatever could change the bytes is in the tag; records do not change, so their places stand for them. */
  function tagOf(feed: FeedName, page: FeedPage, newest: FeedEntry | undefined): string {
    const { url, number, range, isSealed, log } = page;
    const state = newest ? newest.record.uuid : isSealed ? "sealed" : midnight(clock.now());
    return entityTag(makersTag, feed, url.href, log.id, log.epoch, number, range.from, range.to, isSealed, state);
  }

  async function render(feed: FeedName, page: FeedPage): Promise<{ body: string; lastModified: number | undefined }> {
    const entries = page.number === 0 ? [] : await readFeedRange(database, feed, page.range.from, page.range.to);
    const document = feedDocument(page, entries, identity, { now: clock.now(), withExtensions });
    return { body: writeAtomFeed(document), lastModified: entries.length === 0 ? undefined : document.updated };
  }

  async function pageOf(position: number): Promise<number> {
    return lastPage(await chunking.cuts(), position);
  }

  return { handle, pageOf };
}

/** An archived page never changes; it may hold links to health records, so shared caches must not keep it. */
const sealedCaching = "private, max-age=31536000, immutable";
const workingCaching = "no-cache";
const plainHeaders = { "content-type": "text/plain;charset=UTF-8", "cache-control": "no-store" };

function plain(status: number, sentence: string): HttpResponse {
  return { status, headers: plainHeaders, body: `${sentence}\n` };
}

/** Readers in the field recognise a missing page by this status together with this text. */
function missing(why: string): HttpResponse {
  return plain(500, `org.ict4h.atomfeed.server.exceptions.AtomFeedRuntimeException: ${why}`);
}
