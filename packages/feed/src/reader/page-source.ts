import { type Clock, TributaryError } from "@tributary/kernel";
import { type AtomFeed, feedMediaType, linkOf } from "../atom/atom-feed.ts";
import { atomLimits, parseAtomFeed } from "../atom/parse-atom-feed.ts";

/** The network, as far as a reader needs it; the platform's `fetch` is one. Credentials are its business. */
export type FetchPage = (
  address: string,
  request: {
    readonly method: "GET";
    readonly headers: Readonly<Record<string, string>>;
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<FetchResponse>;

/** An answer from the network, as far as a reader needs it; the platform's `Response` is one. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * What to do with links to another scheme, host or port, which servers behind a proxy often write: ask the subscribed
 * host for the same path, go where they point, or refuse them.
 */
export type ForeignLinks = "rebase" | "follow" | "refuse";

export interface PageSourceOptions {
  readonly feedUri: string;
  readonly fetch: FetchPage;
  readonly clock: Clock;
  readonly foreignLinks?: ForeignLinks;
  /** For a whole page; the line may be slow, a page is seldom over 100 kB. */
  readonly timeoutMs?: number;
  readonly bytesMax?: number;
}

/** One page as it came. */
export interface FetchedPage {
  /** The address that was asked. */
  readonly address: string;
  /** The name under which markers keep it: its `via`, the one address whose entries never move. */
  readonly uri: string;
  readonly feed: AtomFeed;
  readonly etag: string | undefined;
}

export type PageAnswer =
  | { readonly kind: "page"; readonly page: FetchedPage }
  /** The page is still what its entity tag said. */
  | { readonly kind: "unchanged" }
  /** The server answered that there is no such page. */
  | { readonly kind: "missing" };

/** A login page or a proxy stands between at most; more is a circle. */
const redirectsMax = 3;
/** Enough of an error page to find the historic text in; a Java stack trace is a few kB. */
const errorBytesMax = 64 * 1024;
const timeoutMsDefault = 60_000;
/** Pages kept while a feed is walked back, so that walking forward fetches none of them again. */
const keptCharactersMax = 8 * 1024 * 1024;

/**
 * Fetches the pages of one feed, each at most once a run as far as memory allows.
 *
 * Throws `REMOTE_UNAVAILABLE` (no answer, 429, 5xx), `REMOTE_REFUSED` (4xx, a redirect to another host),
 * `REMOTE_NONSENSE`, `PAYLOAD_TOO_LARGE`, or `FEED_UNREADABLE` for what is no page; once `signal` aborts, its reason.
 */
export class PageSource {
  readonly #options: PageSourceOptions;
  readonly #kept = new Map<string, FetchedPage>();
  #keptCharacters = 0;
  /** How many requests have been made. */
  requests = 0;

  constructor(options: PageSourceOptions) {
    this.#options = options;
  }

  /** Fetches a page; with an entity tag, only if it has changed since. */
  async get(address: string, signal: AbortSignal, etag?: string): Promise<PageAnswer> {
    const kept = this.#kept.get(address);
    if (kept) return { kind: "page", page: kept };
    return this.#withDeadline(signal, (inTime) => this.#request(this.#reachable(address), address, etag, inTime));
  }

  /** Fetches a page that must be there, since another one links to it or the subscription names it. */
  async require(address: string, signal: AbortSignal): Promise<FetchedPage> {
    const answer = await this.get(address, signal);
    if (answer.kind === "page") return answer.page;
    throw new TributaryError("REMOTE_REFUSED", `There is no feed page at ${shown(address)}; check the address.`);
  }

  /** Keeps a page for the rest of the run, while there is room. */
  keep(page: FetchedPage): void {
    const size = sizeOf(page);
    if (this.#kept.has(page.uri) || this.#keptCharacters + size > keptCharactersMax) return;
    this.#kept.set(page.uri, page).set(page.address, page);
    this.#keptCharacters += size;
  }

  /** Lets go of a page that has been read. */
  letGo(page: FetchedPage): void {
    const wasKept = this.#kept.delete(page.uri);
    this.#kept.delete(page.address);
    if (wasKept) this.#keptCharacters -= sizeOf(page);
  }

  /** Lets go of all pages: they may have changed by the next run. */
  letGoOfAll(): void {
    this.#kept.clear();
    this.#keptCharacters = 0;
  }

  async #request(start: string, address: string, etag: string | undefined, signal: AbortSignal): Promise<PageAnswer> {
    let at = start;
    for (let redirects = 0; ; redirects++) {
      this.requests += 1;
      const response = await this.#options.fetch(at, {
        method: "GET",
        headers: { accept: feedMediaType, ...(etag === undefined ? {} : { "if-none-match": etag }) },
        redirect: "manual",
        signal,
      });
      const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
      if (location === null || response.status === 304) return this.#understand(response, address, at, etag);
      await discard(response);
      if (redirects === redirectsMax) throw refused(at, `redirects more than ${redirectsMax} times`);
      at = this.#redirected(at, location);
    }
  }

  async #understand(
    response: FetchResponse,
    address: string,
    at: string,
    etag: string | undefined,
  ): Promise<PageAnswer> {
    const { status, headers } = response;
    if (status >= 200 && status < 300) {
      const bytes = await readBody(response, this.#options.bytesMax ?? atomLimits.charactersMax, at);
      const feed = parseAtomFeed(bytes, { url: at, contentType: headers.get("content-type") });
      return {
        kind: "page",
        page: { address, uri: linkOf(feed, "via") ?? address, feed, etag: headers.get("etag") ?? undefined },
      };
    }
    const said = await discard(response);
    if (status === 304 && etag !== undefined) return { kind: "unchanged" };
    if (status === 404 || status === 410 || (status === 500 && missingPageText.test(said))) return { kind: "missing" };
    if (status >= 500 || status === 429 || status === 408) {
      throw new TributaryError("REMOTE_UNAVAILABLE", `${shown(at)} answered ${status}; it will be asked again.`, {
        retryable: true,
      });
    }
    if (status >= 400) throw refused(at, `answered ${status}`);
    throw new TributaryError("REMOTE_NONSENSE", `${shown(at)} answered ${status}, which is no answer to a GET.`);
  }

  /** The address to ask, given the address that a link or a marker names. */
  #reachable(address: string): string {
    const { feedUri, foreignLinks = "rebase" } = this.#options;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) throw refused(feedUri, "links to something that is no web address");
    const subscribed = new URL(feedUri);
    if (url.origin === subscribed.origin || foreignLinks === "follow") return address;
    if (foreignLinks === "rebase") return `${subscribed.origin}${url.pathname}${url.search}`;
    throw refused(feedUri, `links to another host, ${url.host}`);
  }

  #redirected(from: string, location: string): string {
    const url = URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) throw refused(from, "redirects to something that is no web address");
    const isDowngrade = url.protocol === "http:" && from.startsWith("https:");
    const isElsewhere = url.hostname !== new URL(from).hostname || isDowngrade;
    if (isElsewhere && this.#options.foreignLinks !== "follow") throw refused(from, `redirects to ${url.origin}`);
    return url.href;
  }

  async #withDeadline<Result>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const { clock, feedUri, timeoutMs = timeoutMsDefault } = this.#options;
    const done = new AbortController();
    const late = new AbortController();
    const either = AbortSignal.any([signal, late.signal]);
    void clock.sleep(timeoutMs, AbortSignal.any([done.signal, signal])).then(() => late.abort());
    const cut = new Promise<never>((_, reject) => {
      either.addEventListener("abort", () => reject(either.reason), { once: true });
    });
    cut.catch(() => {});
    try {
      return await Promise.race([work(either), cut]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof TributaryError) throw error;
      const why = late.signal.aborted ? `did not answer within ${timeoutMs} ms` : "cannot be reached, or broke off";
      throw new TributaryError("REMOTE_UNAVAILABLE", `The feed ${shown(feedUri)} ${why}.`, {
        cause: error,
        retryable: true,
      });
    } finally {
      done.abort();
    }
  }
}

/** What the historic servers write into the body of a 500. */
const missingPageText = /feed does not exist|feedId must not be null|lies in future/;

async function readBody(response: FetchResponse, bytesMax: number, at: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const declared = Number(response.headers.get("content-length"));
  if (declared <= bytesMax) {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > bytesMax) break;
      chunks.push(chunk);
    }
    if (length <= bytesMax) return Buffer.concat(chunks);
  }
  throw new TributaryError("PAYLOAD_TOO_LARGE", `The page ${shown(at)} is larger than ${bytesMax} bytes.`);
}

/** Reads an answer that is no page, so that its connection can be used again. */
async function discard(response: FetchResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > errorBytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, errorBytesMax).toString("latin1");
}

function refused(address: string, why: string): TributaryError {
  return new TributaryError("REMOTE_REFUSED", `${shown(address)} ${why}. Nothing was read.`);
}

/** An address without user, password and query, fit for messages. */
function shown(address: string): string {
  return URL.canParse(address) ? `${new URL(address).origin}${new URL(address).pathname}` : "an address that is none";
}

function sizeOf({ feed }: FetchedPage): number {
  return feed.entries.reduce((size, { content, id, title }) => {
    return size + 500 + (content?.text.length ?? 0) + (id?.length ?? 0) + (title?.length ?? 0);
  }, 1000);
}
