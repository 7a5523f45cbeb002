import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { TributaryError } from "@tributary/kernel";
import type { TravellingRecord } from "../stream/record-batch.ts";
import { isKeptText, isResourceId, isResourceType } from "../stream/stream-page.ts";

const newline = 10;

/**
 * Writes one record for a chunk: a line of JSON, and its body to the byte on the next. No hash stands beside the body,
 * since the chunk's own vouches for all of it.
 */
export function writeChunkRecord(record: TravellingRecord & { readonly body: string }): Buffer {
  const { type, id, version, originNode, originVersion, originOperation } = record;
  const body = Buffer.from(record.body);
  const head = JSON.stringify([type, id, version, body.byteLength, originNode, originVersion, originOperation]);
  return Buffer.concat([Buffer.from(`${head}\n`), body, Buffer.from("\n")]);
}

/** Reads the records of an unpacked chunk; anything malformed throws `REMOTE_NONSENSE`. */
export function parseChunkText(bytes: Uint8Array): TravellingRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) throw nonsense();
  const records: TravellingRecord[] = [];
  for (let at = 0; at < buffer.byteLength; ) {
    const end = buffer.indexOf(newline, at);
    if (end < 0) throw nonsense();
    const [type, id, version, length, originNode, originVersion, originOperation] = lineOf(
      buffer.toString("utf8", at, end),
    );
    const from = end + 1;
    at = from + Number(length);
    if (
      !isResourceType(type) ||
      !isResourceId(id) ||
      !isVersion(version) ||
      !Number.isSafeInteger(length) ||
      (length as number) < 0 ||
      !isKeptText(originNode) ||
      !(originVersion === null || isVersion(originVersion)) ||
      !(originOperation === null || isKeptText(originOperation)) ||
      buffer[at] !== newline
    ) {
      throw nonsense();
    }
    const body = buffer.toString("utf8", from, at);
    at += 1;
    records.push({
      type,
      id,
      version,
      body,
      bodyHash: hash("sha256", body),
      originNode,
      originVersion,
      originOperation,
    });
  }
  return records;
}

function lineOf(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Told below: a line that is not JSON belongs to no chunk.
  }
  throw nonsense();
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function nonsense(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "A chunk of a snapshot does not hold records.", { retryable: true });
}
