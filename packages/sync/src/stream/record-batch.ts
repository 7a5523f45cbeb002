import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../line/json-object.ts";
import { isKeptText, isResourceId, isResourceType } from "./stream-page.ts";
import type { NamedPlace } from "./stream-place.ts";

/** One record as it travels: its content to the byte, and where it comes from. */
export interface TravellingRecord {
  readonly type: string;
  readonly id: string;
  /** The version that is current at the sender. */
  readonly version: number;
  /** The stored text, or `null` when the record has been deleted. */
  readonly body: string | null;
  /** SHA-256 of the stored text in hexadecimal, or `null` when deleted. */
  readonly bodyHash: string | null;
  readonly originNode: string;
  readonly originVersion: number | null;
  readonly originOperation: string | null;
  /** Where the stream ended when it was read, as far as the answer tells. */
  readonly readAt?: NamedPlace | undefined;
}

/** A record that was asked for and is not there for this child. */
export interface MissingRecord {
  readonly type: string;
  readonly id: string;
  /** Where the stream ended when it was not there, as far as the answer tells. */
  readonly readAt?: NamedPlace | undefined;
}

/** What one answer brought. Records that are in neither list did not fit: they are asked for again. */
export interface RecordBatch {
  readonly records: readonly TravellingRecord[];
  readonly missing: readonly MissingRecord[];
}

const newline = 10;

/**
 * Writes a batch: per record a line of JSON and, unless it was deleted, the body's bytes; at the end a line with the
 * count. The bodies are not re-serialised, so that they arrive byte-equal; the last line tells a whole answer from one
 * that was cut.
 */
export function writeRecordBatch(batch: RecordBatch): Uint8Array {
  const parts: Buffer[] = [];
  for (const record of batch.records) {
    const body = record.body === null ? null : Buffer.from(record.body);
    const head = [
      record.type,
      record.id,
      record.version,
      body?.byteLength ?? null,
      record.bodyHash,
      record.originNode,
      record.originVersion,
      record.originOperation,
    ];
    parts.push(Buffer.from(`${JSON.stringify(head)}\n`));
    if (body) parts.push(body, Buffer.from("\n"));
  }
  for (const { type, id } of batch.missing) parts.push(Buffer.from(`${JSON.stringify([type, id])}\n`));
  parts.push(Buffer.from(`${JSON.stringify({ end: batch.records.length + batch.missing.length })}\n`));
  return Buffer.concat(parts);
}

/**
 * Reads a batch and holds every body against its hash. Anything cut, damaged or malformed throws `REMOTE_NONSENSE` and
 * nothing of the batch is used. `readAt` is where the stream ended then.
 */
export function parseRecordBatch(bytes: Uint8Array, readAt?: NamedPlace): RecordBatch {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: TravellingRecord[] = [];
  const missing: MissingRecord[] = [];
  for (let at = 0; at < buffer.byteLength; ) {
    const end = buffer.indexOf(newline, at);
    if (end < 0) break;
    const line = lineOf(buffer.toString("utf8", at, end));
    at = end + 1;
    if (!Array.isArray(line)) {
      if (line.end === records.length + missing.length && at === buffer.byteLength) return { records, missing };
      break;
    }
    const [type, id, version, length, bodyHash, originNode, originVersion, originOperation] = line;
    if (!isResourceType(type) || !isResourceId(id)) throw nonsense("it names no record");
    if (line.length === 2) {
      missing.push({ type, id, readAt });
      continue;
    }
    if (!isVersion(version) || !isKeptText(originNode) || !(originVersion === null || isVersion(originVersion))) {
      throw nonsense(`the head of ${type}/${id} is wrong`);
    }
    const head = { type, id, version, originNode, originVersion, readAt };
    const operation = isKeptText(originOperation) ? originOperation : null;
    if (length === null) {
      records.push({ ...head, originOperation: operation, body: null, bodyHash: null });
      continue;
    }
    if (!Number.isSafeInteger(length) || (length as number) < 0 || buffer[at + (length as number)] !== newline) {
      throw nonsense(`the body of ${type}/${id} is cut`);
    }
    const body = buffer.subarray(at, at + (length as number));
    at += (length as number) + 1;
    if (hash("sha256", body, "hex") !== bodyHash) throw nonsense(`the body of ${type}/${id} was damaged`);
    if (!isUtf8(body)) throw nonsense(`the body of ${type}/${id} is no text`);
    records.push({ ...head, originOperation: operation, body: body.toString("utf8"), bodyHash });
  }
  throw nonsense("it ends too early");
}

function lineOf(text: string): unknown[] | { end?: unknown } {
  const value = jsonObjectIn(text);
  if (value === undefined) throw nonsense("a line is no JSON");
  return value;
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function nonsense(what: string): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", `The answer is no batch of records: ${what}.`, { retryable: true });
}
