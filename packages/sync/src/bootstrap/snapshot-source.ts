import { hash } from "node:crypto";
import { type Clock, isErrorCode, TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../line/json-object.ts";
import { snapshotChunkType } from "../line/protocol.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { parseSnapshotManifest, type SnapshotChunk, type SnapshotManifest } from "./snapshot-manifest.ts";

/**
 * How long a child waits before it asks again whether its snapshot is made: hardly at first, since the parent keeps each
 * question for two seconds, and so that there are some hundred questions in an hour at most.
 */
const askAgainMs = { first: 100, most: 30_000 };
/** Questions in one round; a snapshot that takes longer is asked for again in the next. */
const questionsMax = 200;
/** A line that carries less between two cuts is no line; the next round tries again. */
const worthwhileBytes = 1024;

/** The chunks of a snapshot, wherever they come from: a line, or a stick. */
export interface ChunkSource {
  /** A chunk's bytes, held against its hash; `undefined` when the source does not have it any more. */
  chunk(chunk: SnapshotChunk, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

/** A parent's snapshot over the line: what came of a chunk before a cut is kept, and only the rest is asked for again. */
export class SnapshotSource implements ChunkSource {
  readonly #connection: ParentConnection;
  readonly #clock: Clock;
  #partial: { readonly sha256: string; readonly parts: Uint8Array[]; bytes: number } | undefined;

  constructor(connection: ParentConnection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /**
   * The manifest of this child's snapshot, once it is made; `undefined` when the parent makes none. Meanwhile `onWaiting` is
   * told how many records have been written.
   */
  async latest(signal: AbortSignal, onWaiting: (records: number) => void): Promise<SnapshotManifest | undefined> {
    let waitMs = askAgainMs.first;
    for (let question = 1; question <= questionsMax; question++) {
      const answer = await this.#connection.ask("snapshots/latest", {}, "application/json", signal);
      if (answer.status === 204) return undefined;
      const told = parseJson(answer.body);
      if (told["kind"] === "ready") return parseSnapshotManifest(told["manifest"]);
      onWaiting(typeof told["records"] === "number" ? told["records"] : 0);
      await this.#clock.sleep(waitMs, signal);
      waitMs = Math.min(askAgainMs.most, waitMs * 2);
    }
    throw new TributaryError("REMOTE_UNAVAILABLE", "The parent is still making the snapshot.", { retryable: true });
  }

  async chunk(chunk: SnapshotChunk, signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      const whole = await this.#goOn(chunk, signal);
      if (whole === "gone") return undefined;
      if (!whole) continue;
      this.#partial = undefined;
      if (hash("sha256", whole) === chunk.sha256) return whole;
      throw new TributaryError("REMOTE_NONSENSE", "A chunk of the snapshot was damaged on its way.", {
        retryable: true,
      });
    }
  }

  /** Asks for what is missing of a chunk; `undefined` when the line was cut after a worthwhile part. */
  async #goOn(chunk: SnapshotChunk, signal: AbortSignal): Promise<Uint8Array | "gone" | undefined> {
    const { sha256 } = chunk;
    if (this.#partial?.sha256 !== sha256) this.#partial = { sha256, parts: [], bytes: 0 };
    const partial = this.#partial;
    const before = partial.bytes;
    // The line may have broken off behind the last byte.
    if (before > 0 && before === chunk.bytes) return Buffer.concat(partial.parts);
    let received = 0;
    try {
      const answer = await this.#connection.ask(
        `snapshots/chunks/${sha256}`,
        {
          headers: { "accept-encoding": "identity", ...(before > 0 ? { range: `bytes=${before}-` } : {}) },
          onPart: (part, status) => {
            if (status !== 200 && status !== 206) return;
            // The whole chunk comes although only its end was asked for: what is here already is of no use.
            if (status === 200 && received === 0) {
              partial.parts.length = 0;
              partial.bytes = 0;
            }
            received += part.byteLength;
            if (partial.bytes + part.byteLength > chunk.bytes) return;
            partial.parts.push(part.slice());
            partial.bytes += part.byteLength;
          },
        },
        snapshotChunkType,
        signal,
      );
      if (answer.status === 204) return "gone";
      if (received > 0) return Buffer.concat(partial.parts);
      return answer.status === 200 ? answer.body : Buffer.concat([...partial.parts, answer.body]);
    } catch (error) {
      this.#connection.traffic.bytesDown += received;
      if (!isErrorCode(error, "REMOTE_UNAVAILABLE") || signal.aborted || received < worthwhileBytes) throw error;
      return undefined;
    }
  }
}

function parseJson(body: Uint8Array): Record<string, unknown> {
  const value = jsonObjectIn(body);
  if (value !== undefined) return value;
  throw new TributaryError("REMOTE_NONSENSE", "The answer tells of no snapshot.", { retryable: true });
}
