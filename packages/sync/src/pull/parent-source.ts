import { type Clock, TributaryError } from "@tributary/kernel";
import { markerHeader, readRecordsMax, recordBatchType, streamPageType } from "../protocol.ts";
import type { Fetched, Source, Stretch } from "../replicate.ts";
import { parseRecordBatch, type TravellingRecord } from "../stream/record-batch.ts";
import { entryDigestOf, type StreamEntry } from "../stream/stream-entry.ts";
import { pageOf, parseStreamPage, type StreamPage } from "../stream/stream-page.ts";
import { batchBytesFirst, nextBatchBytes } from "./batch-size.ts";
import { collapse } from "./collapse.ts";
import type { ParentConnection } from "./parent-connection.ts";
import type { StreamMarker } from "./stream-marker.ts";

/** The working page as it was last seen; asking for it again costs no body when nothing has changed. */
interface SeenPage {
  readonly path: string;
  readonly tag: string;
  readonly marker: number;
}

/** A parent's stream as a source: pages of entries forward from a marker, bodies in batches that suit the line. */
export class ParentSource implements Source<StreamEntry, TravellingRecord, StreamMarker> {
  readonly #connection: ParentConnection;
  readonly #stream: string;
  readonly #clock: Clock;
  #batchBytes = batchBytesFirst;
  #seen: SeenPage | undefined;

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
    for (;;) {
      const page = await this.#readPage(marker, signal);
      if (!page) return;
      if (marker && marker.position > 0) refuseOtherHistory(page, marker);
      const done = marker?.position ?? 0;
      const fresh = page.entries.filter(({ position }) => position > done);
      const last = fresh.at(-1);
      if (last) {
        marker = { epoch: page.epoch, position: last.position, entryDigest: entryDigestOf(last), head: page.head };
        yield { entries: collapse(fresh), through: marker };
      } else {
        marker ??= { epoch: page.epoch, position: 0, entryDigest: null, head: page.head };
        if (!after) yield { entries: [], through: marker };
      }
      if (!page.isSealed) return;
    }
  }

  async *fetch(
    entries: readonly StreamEntry[],
    signal: AbortSignal,
  ): AsyncGenerator<Fetched<StreamEntry, TravellingRecord>> {
    let waiting = [...entries];
    while (waiting.length > 0) {
      const asked = waiting.slice(0, readRecordsMax);
      const batch = await this.#readBatch(asked, signal);
      const answered = new Set([...batch.records, ...batch.missing].map(({ type, id }) => `${type}/${id}`));
      const missing = new Set(batch.missing.map(({ type, id }) => `${type}/${id}`));
      const rest = waiting.filter(({ type, id }) => !answered.has(`${type}/${id}`));
      if (rest.length === waiting.length) {
        throw new TributaryError("REMOTE_NONSENSE", "The parent answered none of the records asked for.", {
          retryable: true,
        });
      }
      yield { contents: batch.records, missing: asked.filter(({ type, id }) => missing.has(`${type}/${id}`)) };
      waiting = rest;
    }
  }

  async #readPage(marker: StreamMarker | undefined, signal: AbortSignal): Promise<StreamPage | undefined> {
    if (!marker) {
      const recent = await this.#askPage("recent", {}, signal);
      // An epoch is all that was missing, unless the first page is the only one.
      return recent.page === 1 ? recent : this.#askPage(`${recent.epoch}/1`, {}, signal);
    }
    const path = `${marker.epoch}/${pageOf(marker.position + 1).page}`;
    const headers: Record<string, string> = { [markerHeader]: `${marker.epoch}:${marker.position}` };
    const seen = this.#seen;
    if (seen?.path === path && seen.marker === marker.position) headers["if-none-match"] = seen.tag;
    return this.#askPage(path, headers, signal, marker.position);
  }

  async #askPage(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<StreamPage>;
  async #askPage(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    marker: number,
  ): Promise<StreamPage | undefined>;
  async #askPage(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    marker = 0,
  ): Promise<StreamPage | undefined> {
    const answer = await this.#connection.ask(`streams/${this.#stream}/${path}`, { headers }, streamPageType, signal);
    if (answer.status === 304) return undefined;
    const page = parseStreamPage(new TextDecoder().decode(answer.body));
    if (page.stream !== this.#stream || (path !== "recent" && path !== `${page.epoch}/${page.page}`)) {
      throw new TributaryError("REMOTE_NONSENSE", "The parent answered with another page than was asked for.", {
        retryable: true,
      });
    }
    const tag = answer.headers["etag"];
    const end = page.entries.at(-1)?.position ?? marker;
    if (tag && !page.isSealed) this.#seen = { path: `${page.epoch}/${page.page}`, tag, marker: Math.max(end, marker) };
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
      const batch = parseRecordBatch(answer.body);
      this.#batchBytes = nextBatchBytes(this.#batchBytes, { tookMs: Math.abs(this.#clock.now() - started) });
      return batch;
    } catch (error) {
      this.#batchBytes = nextBatchBytes(this.#batchBytes, "failed");
      throw error;
    }
  }
}

function refuseOtherHistory(page: StreamPage, marker: StreamMarker): void {
  const here = page.entries.find(({ position }) => position === marker.position);
  const digest = here ? entryDigestOf(here) : page.before;
  if (page.epoch !== marker.epoch || digest !== marker.entryDigest) {
    throw new TributaryError("EPOCH_CHANGED", "The parent's stream is not the one that was read up to the marker.", {
      retryable: true,
    });
  }
}
