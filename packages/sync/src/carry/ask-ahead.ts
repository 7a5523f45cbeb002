import type { Database } from "@tributary/database";
import { type Clock, isErrorCode } from "@tributary/kernel";
import { metadataStream } from "../catchment/metadata-types.ts";
import {
  compartmentBatchType,
  metadataCompartment,
  parseCompartmentBatch,
} from "../catchment/serve/compartment-batch.ts";
import { sideStreamsOf } from "../catchment/serve/streams-of-child.ts";
import { parseCatchmentTold } from "../catchment/serve/told-catchment.ts";
import { type Visibility, visibilityOf } from "../catchment/visibility.ts";
import { conflictsStream } from "../conflict/conflict-changed.ts";
import { parseConflictRows } from "../conflict/travel/conflict-rows.ts";
import { conflictsReadMax } from "../conflict/travel/conflicts-read-handler.ts";
import { streamPageType } from "../line/protocol.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { ParentSource } from "../pull/parent-source.ts";
import { writeRecordBatch } from "../stream/record-batch.ts";
import { entryAbout, entryDigestOf, type StreamEntry } from "../stream/stream-entry.ts";
import { pageOf, parseStreamPage, type StreamPage } from "../stream/stream-page.ts";
import type { StreamPlace } from "../stream/stream-place.ts";
import { treeBuckets } from "../verify/hash-tree.ts";
import { askedBucketsMax } from "../verify/verify-handlers.ts";
import type { AnswerSummary, BundleHead, CarriedStretch } from "./bundle.ts";

/** Bytes of content in one part of the file. */
const partBytes = 4 * 1024 * 1024;

export interface AskAheadOptions {
  readonly database: Database;
  readonly child: string;
  readonly clock: Clock;
  /** A line that ends in this node's own handlers, as the child. */
  readonly connection: ParentConnection;
  readonly bundle: BundleHead;
  /** Whether this node was restored since it took the last operation of which the child knows. */
  readonly hasLost: boolean;
  /** Versions that the child learns from the verdicts in the same file, by `Type/id`: their bodies need not be told. */
  readonly judged: ReadonlyMap<string, number>;
  /** Content from which on nothing more is begun. */
  readonly bytesMax: number;
  readonly write: (head: object, body: string | Uint8Array) => Promise<void>;
}

/**
 * Asks, in a child's stead, what it would ask one after the other: its streams behind its markers, their content, the
 * compartments of who came in, conflicts. Everything is asked of the very handlers that answer a line, so that it is told
 * what it may see and nothing else. What does not fit is left for the next file, whole pages at a time.
 */
export async function askAhead(
  options: AskAheadOptions,
  signal: AbortSignal,
): Promise<Pick<AnswerSummary, "streams" | "isOtherHistory">> {
  return new Asking(options, signal).all();
}

class Asking {
  readonly #options: AskAheadOptions;
  readonly #signal: AbortSignal;
  readonly #streams: Record<string, CarriedStretch> = {};
  readonly #compartments = new Set<string>();
  #bytes = 0;

  constructor(options: AskAheadOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  async all(): Promise<Pick<AnswerSummary, "streams" | "isOtherHistory">> {
    const { database, child, bundle, hasLost } = this.#options;
    const visibility = await visibilityOf(database, child);
    if (visibility.catchment === undefined) return { streams: {}, isOtherHistory: false };
    const marker = bundle.markers[visibility.mainStream];
    const isBegun = visibility.isEverything || (bundle.stream === visibility.mainStream && marker !== undefined);
    let isOtherHistory = bundle.stream !== visibility.mainStream;
    if (isOtherHistory) await this.#catchment();
    if (!isBegun) await this.#begin();
    else if (!isOtherHistory && hasLost) {
      isOtherHistory = true;
      await this.#meetAgain(visibility);
    } else {
      try {
        await this.#wanted(visibility);
        await this.#stream(visibility.mainStream, isOtherHistory ? undefined : marker, true);
      } catch (error) {
        if (!isErrorCode(error, "EPOCH_CHANGED")) throw error;
        isOtherHistory = true;
        await this.#meetAgain(visibility);
      }
    }
    for (const [patient, place] of bundle.fetches) await this.#compartment(patient, place);
    for (const stream of await sideStreamsOf(database, child)) {
      if (stream in this.#streams) continue;
      try {
        await this.#stream(stream, bundle.markers[stream], stream === metadataStream);
      } catch (error) {
        // It is read anew, over a line or once the child has taken up its catchment again.
        if (!isErrorCode(error, "EPOCH_CHANGED")) throw error;
      }
    }
    return { streams: this.#streams, isOtherHistory };
  }

  get #isFull(): boolean {
    return this.#bytes >= this.#options.bytesMax;
  }

  async #write(head: object, body: string | Uint8Array): Promise<void> {
    this.#bytes += body.length;
    await this.#options.write(head, body);
  }

  /**
   * What the child asks when the history is another one than it has read: the last place in common, what stands behind it,
   * and everything that is here, to find what was lost. A child with a catchment also takes that up anew.
   */
  async #meetAgain({ mainStream, isEverything }: Visibility): Promise<void> {
    const { bundle } = this.#options;
    const { trail = [] } = bundle;
    const text = new TextDecoder().decode(
      await this.#ask("common-point", JSON.stringify({ stream: mainStream, trail }), "application/json"),
    );
    const common = JSON.parse(text) as StreamPlace;
    const isLaterAssigned = common.position > (trail[0]?.[0] ?? common.position);
    // Programs that know of no restored parents tell neither.
    const isMeeting = trail.length > 0 || bundle.settled !== undefined;
    if (isMeeting) await this.#write({ kind: "common-point" }, text);
    if (isMeeting && !isLaterAssigned) {
      for (let from = 0; from < treeBuckets; from += askedBucketsMax) {
        const of = Array.from({ length: askedBucketsMax }, (_, at) => from + at).join(",");
        const path = `verify/records?of=${of}`;
        await this.#write({ kind: "verify", path }, await this.#ask(path, undefined, "application/json"));
      }
      await this.#stream(mainStream, common, true);
    }
    if (isEverything) await this.#catchment();
    else await this.#begin();
  }

  /** What the child is to take up: its catchment, whose records that is, and all of their compartments. */
  async #begin(): Promise<void> {
    const told = await this.#catchment();
    if (!told) return;
    const { start, metadataStart, stream, patients } = told;
    for (const [name, { epoch, position }] of [
      [stream, start],
      [metadataStream, metadataStart],
    ] as const) {
      this.#streams[name] = { epoch, after: position, head: position };
    }
    for (const patient of [metadataCompartment, ...patients]) await this.#compartment(patient, null);
  }

  async #catchment() {
    const patients: string[] = [];
    for (let after: string | null = null; ; ) {
      const body = JSON.stringify({ after });
      const answer = await this.#ask("catchment", body, "application/json");
      const text = new TextDecoder().decode(answer);
      await this.#write({ kind: "catchment", after }, text);
      const told = parseCatchmentTold(text);
      if (told.isEverything) return undefined;
      patients.push(...told.patients);
      if (told.next === undefined) return { ...told, patients };
      after = told.next;
    }
  }

  async #stream(stream: string, after: StreamPlace | undefined, isOfRecords: boolean): Promise<void> {
    let marker = after;
    const from = after?.position ?? 0;
    for (;;) {
      const page = await this.#page(stream, marker);
      const done = marker?.position ?? 0;
      const fresh = page.entries.filter(({ position }) => position > done);
      const last = fresh.at(-1);
      const position = last?.position ?? done;
      this.#streams[stream] = { epoch: page.epoch, after: from, head: position };
      marker = { epoch: page.epoch, position, entryDigest: last ? entryDigestOf(last) : (marker?.entryDigest ?? null) };
      if (isOfRecords) await this.#records(stream, fresh);
      else if (stream === conflictsStream) await this.#conflicts(fresh);
      if (!page.isSealed || this.#isFull) return;
    }
  }

  async #page(stream: string, marker: StreamPlace | undefined): Promise<StreamPage> {
    if (!marker) {
      const recent = parseStreamPage(await this.#pageText(stream, "recent"));
      return this.#keepPage(stream, `${recent.epoch}/1`);
    }
    const { page, first } = pageOf(marker.position + 1);
    return this.#keepPage(stream, `${marker.epoch}/${page}`, marker.position >= first ? marker.position : undefined);
  }

  async #keepPage(stream: string, path: string, after?: number): Promise<StreamPage> {
    const text = await this.#pageText(stream, after === undefined ? path : `${path}?after=${after}`);
    await this.#write({ kind: "page", path: `${stream}/${path}` }, text);
    return parseStreamPage(text);
  }

  async #pageText(stream: string, path: string): Promise<string> {
    return new TextDecoder().decode(await this.#ask(`streams/${stream}/${path}`, undefined, streamPageType));
  }

  /** The bodies that a page tells of, and the compartments of who comes in. */
  async #records(stream: string, entries: readonly StreamEntry[]): Promise<void> {
    const { judged } = this.#options;
    const latest = new Map(
      entries.filter(({ movement }) => !movement).map((entry) => [`${entry.type}/${entry.id}`, entry]),
    );
    const wanted = [...latest].filter(([name, entry]) => !entry.isDeleted && judged.get(name) !== entry.version);
    await this.#bodies(
      stream,
      wanted.map(([, entry]) => entry),
    );
    for (const { movement, id } of entries) if (movement === "enter") await this.#compartment(id, null);
  }

  async #wanted({ mainStream }: Visibility): Promise<void> {
    const entries = this.#options.bundle.wanted.map(([type, id]) => entryAbout({ type, id }));
    await this.#bodies(mainStream, entries);
  }

  async #bodies(stream: string, entries: readonly StreamEntry[]): Promise<void> {
    const { connection, clock } = this.#options;
    const source = new ParentSource(connection, stream, clock);
    for await (const { contents, missing } of source.fetch(entries, this.#signal)) {
      await this.#write({ kind: "records" }, writeRecordBatch({ records: contents, missing }));
    }
  }

  async #compartment(patient: string, from: string | null): Promise<void> {
    if (this.#compartments.has(patient)) return;
    this.#compartments.add(patient);
    for (let place = from; !this.#isFull; ) {
      const body = JSON.stringify({ maxBytes: partBytes, patients: [[patient, place]] });
      const { places, records } = parseCompartmentBatch(
        await this.#ask("compartments/read", body, compartmentBatchType),
      );
      const next = places[0]?.next ?? null;
      await this.#write({ kind: "compartment", patient, place, next }, writeRecordBatch({ records, missing: [] }));
      if (next === null) return;
      place = next;
    }
  }

  async #conflicts(entries: readonly StreamEntry[]): Promise<void> {
    let waiting = [...new Set(entries.map(({ id }) => id))];
    while (waiting.length > 0) {
      const body = JSON.stringify({ conflicts: waiting.slice(0, conflictsReadMax), maxBytes: partBytes });
      const text = new TextDecoder().decode(await this.#ask("conflicts/read", body, "application/json"));
      await this.#write({ kind: "conflicts" }, text);
      const { conflicts, missing } = parseConflictRows(text);
      const answered = new Set([...conflicts.map(({ conflictId }) => conflictId), ...missing]);
      if (answered.size === 0) return;
      waiting = waiting.filter((id) => !answered.has(id));
    }
  }

  async #ask(path: string, body: string | undefined, contentType: string): Promise<Uint8Array> {
    this.#signal.throwIfAborted();
    const request = body === undefined ? {} : { body };
    return (await this.#options.connection.ask(path, request, contentType, this.#signal)).body;
  }
}
