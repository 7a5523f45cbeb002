import { createHash } from "node:crypto";
import type { AtomEntry, AtomFeed, AtomLink } from "../src/atom/atom-feed.ts";
import { writeAtomFeed } from "../src/atom/write-atom-feed.ts";
import type { FetchPage, FetchResponse } from "../src/reader/page-source.ts";
import { lastPage, type PageCut, pageRange } from "../src/server/page-arithmetic.ts";

/** Where a publisher in memory seems to stand, and how it cuts its pages. */
export interface FakePublisherOptions {
  /** The address beside which the pages lie; `…/recent` is the one to subscribe to. */
  readonly base?: string;
  readonly pageSize?: number;
  /** Names page `n`; by default its number. */
  readonly nameOf?: (page: number) => string;
  readonly withTags?: boolean;
}

/** An answer that the publisher gives in place of the page. */
export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A feed of another system, in memory: it publishes what a test says, and can be down, wrong or rebuilt. */
export class FakePublisher {
  readonly base: string;
  readonly entries: AtomEntry[] = [];
  /** The paths asked for, in order, with the status of each answer. */
  readonly requests: string[] = [];
  cuts: PageCut[];
  #answer: ((path: string) => FakeAnswer | Error | undefined) | undefined;
  readonly #nameOf: (page: number) => string;
  readonly #withTags: boolean;

  constructor(options: FakePublisherOptions = {}) {
    this.base = options.base ?? "http://parent.example/ws/atomfeed/patient";
    this.cuts = [{ chunkLength: options.pageSize ?? 5, start: 1 }];
    this.#nameOf = options.nameOf ?? String;
    this.#withTags = options.withTags ?? true;
  }

  get feedUri(): string {
    return `${this.base}/recent`;
  }

  /** Publishes events with these contents, a minute apart, the first at noon on 2026-11-20. */
  publish(...contents: string[]): void {
    for (const content of contents) this.add({ content: { type: "application/vnd.atomfeed+xml", text: content } });
  }

  /** Publishes one event of which a test says only what matters to it. */
  add(entry: Partial<AtomEntry>): void {
    const number = this.entries.length + 1;
    const moment = Date.parse("2026-11-20T12:00:00Z") + (number - 1) * 60_000;
    this.entries.push({
      title: "Patient",
      categories: ["patient"],
      id: `tag:atomfeed.ict4h.org:${number}`,
      updated: moment,
      published: moment,
      content: undefined,
      event: undefined,
      ...entry,
    });
  }

  /** Answers otherwise as long as `answer` gives something: a response, or an error for a line that breaks. */
  answerWith(answer: ((path: string) => FakeAnswer | Error | undefined) | undefined): void {
    this.#answer = answer;
  }

  readonly fetch: FetchPage = async (address, { headers, signal }) => {
    signal.throwIfAborted();
    const { pathname, search } = new URL(address);
    const path = pathname.slice(pathname.lastIndexOf("/") + 1) + search;
    const other = this.#answer?.(path);
    if (other instanceof Error) {
      this.requests.push(`${path} broken`);
      throw other;
    }
    const answer = other ?? this.#page(path, headers["if-none-match"]);
    this.requests.push(`${path} ${answer.status ?? 200}`);
    return responseOf(answer);
  };

  /** The page as it stands; `undefined` when there is none. */
  document(path: string): AtomFeed | undefined {
    const last = lastPage(this.cuts, this.entries.length);
    const number = path === "recent" ? last : this.#numberOf(path, last);
    if (number === undefined) return undefined;
    const range = pageRange(this.cuts, number);
    const entries = range ? this.entries.slice(range.from - 1, range.to) : [];
    const links: AtomLink[] = [link("self", `${this.base}/${path}`), link("via", this.#addressOf(number))];
    if (number < last) links.push(link("next-archive", this.#addressOf(number + 1)));
    if (number > 1) links.push(link("prev-archive", this.#addressOf(number - 1)));
    const rest = { title: "Fake", author: undefined, generator: undefined, isArchive: false, log: undefined };
    return { ...rest, links, id: `+${number}`, updated: undefined, entries };
  }

  #page(path: string, ifNoneMatch: string | undefined): FakeAnswer {
    const document = this.document(path);
    if (!document) return { status: 500, body: "AtomFeedRuntimeException: feed does not exist" };
    const body = writeAtomFeed(document);
    const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
    if (this.#withTags && ifNoneMatch === etag) return { status: 304 };
    return { body, headers: { "content-type": "application/atom+xml", ...(this.#withTags ? { etag } : {}) } };
  }

  #numberOf(path: string, last: number): number | undefined {
    return Array.from({ length: last }, (_, n) => n + 1).find((number) => this.#nameOf(number) === path);
  }

  #addressOf(page: number): string {
    return `${this.base}/${page === 0 ? "0" : this.#nameOf(page)}`;
  }
}

function link(rel: string, href: string): AtomLink {
  return { rel, type: "application/atom+xml", href };
}

function responseOf({ status = 200, headers = {}, body = "" }: FakeAnswer): FetchResponse {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return {
    status,
    headers: { get: (name) => headers[name] ?? null },
    body: (async function* () {
      for (let from = 0; from < bytes.length; from += 1000) yield bytes.subarray(from, from + 1000);
    })(),
  };
}
