import { TributaryError } from "@tributary/kernel";
import { linkOf } from "../atom/atom-feed.ts";
import type { FetchedPage, PageSource } from "./page-source.ts";

/** More pages than any feed has that must be walked; links that run in a circle end here. */
const walkedPagesMax = 1_000_000;

/**
 * Walks a feed from its newest page back to its oldest, one page at a time; the caller stops when it has seen enough.
 * Pages are kept for the way forward as long as there is room.
 */
export async function* pagesBackwards(
  source: PageSource,
  feedUri: string,
  signal: AbortSignal,
): AsyncGenerator<FetchedPage> {
  let page = await source.require(feedUri, signal);
  for (let walked = 1; ; walked++) {
    source.keep(page);
    yield page;
    const before = linkOf(page.feed, "prev-archive");
    if (before === undefined) return;
    if (walked === walkedPagesMax || before === page.uri) {
      throw new TributaryError("REMOTE_NONSENSE", "The feed's pages lead back without an end; its links are wrong.");
    }
    page = await source.require(before, signal);
  }
}

/**
 * The first page of all. Where the pages' addresses are numbers that count, as the deployed servers' are, it is asked
 * for directly; elsewhere the feed is walked back.
 */
export async function oldestPage(source: PageSource, feedUri: string, signal: AbortSignal): Promise<FetchedPage> {
  const numbered = await numberedPages(source, feedUri, signal);
  if (numbered) return numbered.first;
  let oldest: FetchedPage | undefined;
  for await (const page of pagesBackwards(source, feedUri, signal)) oldest = page;
  return oldest!;
}

/** The first page with an entry published at or after a moment, or else the newest page. */
export async function pageOfDate(
  source: PageSource,
  feedUri: string,
  date: number,
  signal: AbortSignal,
): Promise<FetchedPage> {
  const numbered = await numberedPages(source, feedUri, signal);
  if (numbered) return bisect(source, numbered, date, signal);
  let found: FetchedPage | undefined;
  for await (const page of pagesBackwards(source, feedUri, signal)) {
    const first = page.feed.entries[0];
    if (found && lastDate(page) < date) return found;
    found = page;
    if (first && (first.published ?? first.updated ?? date) < date) return page;
  }
  return found!;
}

/** Pages whose addresses differ by their number only, the first of them proven to be the first. */
interface NumberedPages {
  readonly prefix: string;
  readonly first: FetchedPage;
  readonly last: FetchedPage;
  readonly count: number;
}

async function numberedPages(
  source: PageSource,
  feedUri: string,
  signal: AbortSignal,
): Promise<NumberedPages | undefined> {
  const last = await source.require(feedUri, signal);
  source.keep(last);
  const before = linkOf(last.feed, "prev-archive");
  const { prefix, number } = numberOf(last.uri) ?? { prefix: "", number: 0 };
  if (before === undefined) return { prefix, first: last, last, count: 1 };
  if (number < 2 || before !== `${prefix}${number - 1}`) return undefined;
  const answer = await source.get(`${prefix}1`, signal);
  if (answer.kind !== "page" || answer.page.uri !== `${prefix}1`) return undefined;
  const { feed } = answer.page;
  const isFirst = linkOf(feed, "prev-archive") === undefined && linkOf(feed, "next-archive") === `${prefix}2`;
  return isFirst ? { prefix, first: answer.page, last, count: number } : undefined;
}

async function bisect(
  source: PageSource,
  pages: NumberedPages,
  date: number,
  signal: AbortSignal,
): Promise<FetchedPage> {
  if (lastDate(pages.first) >= date) return pages.first;
  let found = pages.last;
  let tooEarly = 1;
  let enough = pages.count;
  while (enough - tooEarly > 1) {
    const middle = Math.floor((tooEarly + enough) / 2);
    const page = await source.require(`${pages.prefix}${middle}`, signal);
    if (lastDate(page) < date) {
      tooEarly = middle;
    } else {
      enough = middle;
      found = page;
    }
  }
  return found;
}

function lastDate(page: FetchedPage): number {
  const last = page.feed.entries.at(-1);
  return last?.published ?? last?.updated ?? Number.NEGATIVE_INFINITY;
}

function numberOf(address: string): { prefix: string; number: number } | undefined {
  const found = /^(.*\/)([1-9]\d{0,14})$/.exec(address);
  return found ? { prefix: found[1]!, number: Number(found[2]) } : undefined;
}
