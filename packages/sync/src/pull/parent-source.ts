import { type ResourceKey, referenceTo } from "@tributary/fhir";
import { type Clock, TributaryError } from "@tributary/kernel";
import { carriedHeader } from "../line/carried-header.ts";
import { NotCarried } from "../line/not-carried.ts";
import { readRecordsMax, recordBatchType, settledHeader, streamPageEntries, streamPageType } from "../line/protocol.ts";
import type { Fetched, Source, Stretch } from "../replicate.ts";
import { headsHeader, parseHeads } from "../stream/heads-header.ts";
import { markerHeader, writeMarkerHeader } from "../stream/marker-header.ts";
import { parseRecordBatch, type TravellingRecord } from "../stream/record-batch.ts";
import { parseStreamEnd, streamEndHeader } from "../stream/stream-end.ts";
import { entryDigestOf, type StreamEntry } from "../stream/stream-entry.ts";
import { pageOf, parseStreamPage, type StreamPage } from "../stream/stream-page.ts";
import type { StreamPlace } from "../stream/stream-place.ts";
import { batchBytesFirst, nextBatchBytes } from "./batch-size.ts";
import { type CollapsedEntry, collapse } from "./collapse.ts";
import type { ParentConnection } from "./parent-connection.ts";
import type { StreamMarker } from "./stream-marker.ts";
import { wholeTransactions } from "./whole-transactions.ts";

/** A line that has grown its batches so far is fast. */
const fastLineBytes = 1024 * 1024;
/** Some 2,000 entries: a few megabytes of content, and some hundred milliseconds to be done again after a cut. */
const stretchPagesMax = 4;
/** A transaction with more entries than so many pages have is no longer kept whole, so that memory stays bounded. */
const gatheredPagesMax = 8;
/** Nor are groups of records with more content than that. */
const groupBytesMax = 32 * 1024 * 1024;

/** Says that so much of the stream is to be read that a snapshot is worth its while. */
export class SnapshotAdvised extends Error {}

/** A parent's stream as a source: pages of entries forward from a marker, bodies in batches that suit the line. */
export class ParentSource implements Source<StreamEntry, TravellingRecord, StreamMarker> {
  readonly #connection: ParentConnection;
  readonly #stream: string;
  readonly #clock: Clock;
  #batchBytes = batchBytesFirst;
  /** What was asked for last of what the stream announced. */
  #announced: ReadonlyMap<string, CollapsedEntry> = new Map();
  /** How long the parent's other streams are, as its last page told. */
  heads: ReadonlyMap<string, number> = new Map();
  /** Whether the last page came by hand: it may be older than what has been read over a line. */
  #isCarried = false;
  /** With so many entries to read, `stretches` throws `SnapshotAdvised` before it reads them. */
  snapshotAbove = Number.POSITIVE_INFINITY;

  constructor(connection: ParentConnection, stream: string, clock: Clock) {
    this.#connection = connection;
    this.#stream = stream;
    this.#clock = clock;
  }

  async *stretches(
    after: StreamMarker | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Stretch<StreamEntry, StreamMarker>> {
    let marker = after;
    let gathered: StreamEntry[] = [];
    let isShorter = false;
    for (let pages = 1; ; pages++) {
      const page = await this.#readPage(marker, signal);
      if (!this.#isCarried) refuseForgotten(page, marker?.position ?? 0, after?.seen);
      if (!page) {
        // The stream ends here, also where it was longer before its parent was put back.
        isShorter = marker !== undefined && marker.head > marker.position;
        if (marker) marker = { ...marker, head: marker.position };
        break;
      }
      if (marker && marker.position > 0) refuseOtherHistory(page, marker);
      const done = marker?.position ?? 0;
      if (pages === 1 && page.head - done >= this.snapshotAbove) throw new SnapshotAdvised();
      if (!marker) {
        marker = { epoch: page.epoch, position: 0, entryDigest: null, head: page.head };
        yield { entries: [], through: marker };
      }
      const fresh = page.entries.filter(({ position }) => position > done);
      if (pages > 1 && (pages - 1) % this.#stretchPages === 0) {
        const isTooMuch = gathered.length >= gatheredPagesMax * streamPageEntries;
        const count = isTooMuch ? gathered.length : wholeTransactions(gathered, fresh);
        if (count > 0) {
          yield { entries: collapse(gathered.slice(0, count)), through: markerAt(gathered[count - 1]!, page) };
          gathered = gathered.slice(count);
        }
      }
      gathered.push(...fresh);
      const last = fresh.at(-1);
      if (last) marker = markerAt(last, page);
      if (!page.isSealed) break;
    }
    if (marker && (gathered.length > 0 || isShorter)) yield { entries: collapse(gathered), through: marker };
  }

  /** On a fast line several pages are dealt with together, since what they have in common is then written once. */
  get #stretchPages(): number {
    return this.#batchBytes >= fastLineBytes ? stretchPagesMax : 1;
  }

  /** Groups stay together, and every answer is cut between two of them. */
  fetch(
    entries: readonly CollapsedEntry[],
    signal: AbortSignal,
  ): AsyncGenerator<Fetched<StreamEntry, TravellingRecord>> {
    this.#announced = byName(entries);
    return this.#fetch(this.#announced, signal);
  }

  async *#fetch(
    wanted: ReadonlyMap<string, CollapsedEntry>,
    signal: AbortSignal,
  ): AsyncGenerator<Fetched<StreamEntry, TravellingRecord>> {
    const waiting = new Map(wanted);
    let records: TravellingRecord[] = [];
    let lacking: StreamEntry[] = [];
    while (waiting.size > 0) {
      const before = waiting.size;
      const batch = await this.#readBatch([...waiting.values()].slice(0, readRecordsMax), signal);
      for (const record of batch.records) waiting.delete(referenceTo(record));
      for (const missing of batch.missing) {
        const entry = waiting.get(referenceTo(missing));
        if (entry && waiting.delete(referenceTo(missing))) lacking.push({ ...entry, readAt: missing.readAt });
      }
      if (waiting.size === before) {
        throw new TributaryError("REMOTE_NONSENSE", "The parent answered none of the records asked for.", {
          retryable: true,
        });
      }
      records.push(...batch.records);
      const open = openGroups(waiting.values());
      const isOpen = (key: ResourceKey) => open.size > 0 && open.has(wanted.get(referenceTo(key))?.group);
      const mayWait = open.size > 0 && bytesOf(records) <= groupBytesMax;
      const whole = mayWait ? records.filter((record) => !isOpen(record)) : records;
      const missed = lacking.filter((entry) => !isOpen(entry));
      if (whole.length + missed.length > 0) yield { contents: whole, missing: missed, hasMore: waiting.size > 0 };
      records = mayWait ? records.filter(isOpen) : [];
      lacking = lacking.filter(isOpen);
    }
  }

  /** What is needed before its turn, with its group, or was not announced; a carried answer holds it or does not. */
  async seek(entries: readonly StreamEntry[], signal: AbortSignal): Promise<readonly TravellingRecord[]> {
    const found: TravellingRecord[] = [];
    try {
      for await (const { contents } of this.#fetch(this.#withGroups(entries), signal)) found.push(...contents);
    } catch (error) {
      if (!(error instanceof NotCarried)) throw error;
    }
    return found;
  }

  #withGroups(entries: readonly StreamEntry[]): ReadonlyMap<string, CollapsedEntry> {
    const sought = byName(entries);
    const groups = new Set<number>();
    for (const name of sought.keys()) {
      const group = this.#announced.get(name)?.group;
      if (group !== undefined) groups.add(group);
    }
    if (groups.size === 0) return sought;
    const mates = [...this.#announced].filter(([, { group }]) => group !== undefined && groups.has(group));
    for (const [name] of mates) sought.delete(name);
    return new Map([...sought, ...mates]);
  }

  /** Of every record that a restored parent's stream tells of behind a marker, the first version that it tells of. */
  async firstVersionsAfter(after: StreamMarker, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const first = new Map<string, number>();
    for (let marker = after; ; ) {
      const page = await this.#readPage(marker, signal, { [settledHeader]: "" });
      for (const entry of page?.entries ?? []) {
        const name = `${entry.type}/${entry.id}`;
        const isSince = entry.position > marker.position && entry.movement === undefined;
        if (isSince && !first.has(name)) first.set(name, entry.version);
      }
      const last = page?.entries.at(-1);
      if (!page?.isSealed || !last) return first;
      marker = { epoch: page.epoch, position: last.position, entryDigest: entryDigestOf(last), head: page.head };
    }
  }

  /** The page behind a marker, or `undefined` when there is nothing behind it. */
  async #readPage(
    marker: StreamMarker | undefined,
    signal: AbortSignal,
    more: Readonly<Record<string, string>> = {},
  ): Promise<StreamPage | undefined> {
    if (!marker) {
      const recent = await this.#askPage("recent", undefined, signal);
      // An epoch is all that was missing, unless the first page is the only one.
      return !recent || recent.page === 1 ? recent : this.#askPage(`${recent.epoch}/1`, undefined, signal);
    }
    const { page, first } = pageOf(marker.position + 1);
    const after = marker.position >= first ? `?after=${marker.position}` : "";
    return this.#askPage(`${marker.epoch}/${page}${after}`, marker, signal, more);
  }

  async #askPage(
    path: string,
    marker: StreamMarker | undefined,
    signal: AbortSignal,
    more: Readonly<Record<string, string>> = {},
  ): Promise<StreamPage | undefined> {
    const headers = { ...(marker ? { [markerHeader]: writeMarkerHeader(marker) } : {}), ...more };
    const answer = await this.#connection.ask(`streams/${this.#stream}/${path}`, { headers }, streamPageType, signal);
    this.heads = parseHeads(answer.headers[headsHeader]);
    this.#isCarried = answer.headers[carriedHeader] !== undefined;
    if (answer.status === 204) return undefined;
    const page = parseStreamPage(new TextDecoder().decode(answer.body));
    const isAsked = path === "recent" || path.split("?")[0] === `${page.epoch}/${page.page}`;
    const isGapless = path === "recent" || page.from <= (marker?.position ?? 0) + 1;
    if (page.stream !== this.#stream || !isAsked || !isGapless) {
      throw new TributaryError("REMOTE_NONSENSE", "The parent answered with another page than was asked for.", {
        retryable: true,
      });
    }
    return page;
  }

  async #readBatch(asked: readonly StreamEntry[], signal: AbortSignal) {
    const body = JSON.stringify({
      stream: this.#stream,
      maxBytes: this.#batchBytes,
      records: asked.map(({ type, id }) => [type, id]),
    });
    const started = this.#clock.now();
    try {
      const answer = await this.#connection.ask("read", { body }, recordBatchType, signal);
      const batch = parseRecordBatch(answer.body, parseStreamEnd(answer.headers[streamEndHeader]));
      this.#batchBytes = nextBatchBytes(this.#batchBytes, { tookMs: Math.abs(this.#clock.now() - started) });
      return batch;
    } catch (error) {
      this.#batchBytes = nextBatchBytes(this.#batchBytes, "failed");
      throw error;
    }
  }
}

function byName(entries: readonly CollapsedEntry[]): Map<string, CollapsedEntry> {
  return new Map(entries.map((entry) => [referenceTo(entry), entry]));
}

/** The groups of which something is still to come. */
function openGroups(waiting: Iterable<CollapsedEntry>): ReadonlySet<number | undefined> {
  const open = new Set<number>();
  for (const { group } of waiting) if (group !== undefined) open.add(group);
  return open;
}

function markerAt(entry: StreamEntry, { epoch, head }: StreamPage): StreamMarker {
  return { epoch, position: entry.position, entryDigest: entryDigestOf(entry), head };
}

function bytesOf(records: readonly TravellingRecord[]): number {
  return records.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
}

function refuseOtherHistory(page: StreamPage, marker: StreamMarker): void {
  const here = page.entries.find(({ position }) => position === marker.position);
  const digest = here ? entryDigestOf(here) : page.before;
  if (page.epoch !== marker.epoch || digest !== marker.entryDigest) {
    throw otherHistory();
  }
}

/** What is here was read when the stream had these places; a parent that is put back has lost one, or another entry there. */
function refuseForgotten(page: StreamPage | undefined, read: number, seen: readonly StreamPlace[] = []): void {
  for (const { position, entryDigest } of seen) {
    const here = page?.entries.find((entry) => entry.position === position);
    const isLost = here ? entryDigestOf(here) !== entryDigest : (page?.head ?? read) < position;
    if (isLost) throw otherHistory();
  }
}

function otherHistory(): TributaryError {
  return new TributaryError("EPOCH_CHANGED", "The parent's stream is not the one that was read up to the marker.", {
    retryable: true,
  });
}
