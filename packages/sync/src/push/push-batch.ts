import { hash } from "node:crypto";
import { TributaryError } from "@tributary/kernel";
import { isKeptText, isResourceId, isResourceType } from "../stream/stream-page.ts";
import type { PushedRecord, PushUnit } from "./push-unit.ts";
import { unitRecordsMax } from "./queue/gather-units.ts";
import { parseRecordOrigin } from "./record-origin.ts";

/** Units that one request may carry. */
export const pushUnitsMax = 500;
/** Earlier units that one request may ask about or take back. */
export const pushQuestionsMax = 500;

/** The name of a user, as a node's API tells it. */
export const authorLengthMax = 200;

type UnitHead = readonly [operationId: string, records: number];
type RecordHead = readonly [
  type: string,
  id: string,
  version: number,
  length: number | null,
  bodyHash: string | null,
  baseVersion: number | null,
  baseLength: number | null,
  origin: readonly [node: string, version: number | null, operation: string | null] | null,
  author: string | null,
  writtenAt: number | null,
  baseDigest: string | null,
  isSuperseded: 0 | 1,
];

/** One request of a push: units with their content, and the names of units that were sent before. */
export interface PushBatch {
  readonly units: readonly PushUnit[];
  /** Units whose verdict is asked for again, since the last one was that they are parked. */
  readonly ask: readonly string[];
  /** Units that are to be taken back, unless they have taken effect. */
  readonly withdraw: readonly string[];
}

/**
 * Writes units for the line: per unit and per record a line of JSON, each body to the byte behind its line, and at the
 * end a line with the count, by which a whole request is told from one that was cut, and with the questions, if any.
 */
export function writePushBatch(
  units: readonly PushUnit[],
  { ask, withdraw }: Pick<PushBatch, "ask" | "withdraw"> = noQuestions,
): string {
  const parts: string[] = [];
  for (const { operationId, records } of units) {
    parts.push(JSON.stringify([operationId, records.length] satisfies UnitHead));
    for (const record of records) {
      const head: RecordHead = [
        record.type,
        record.id,
        record.version,
        lengthOf(record.body),
        record.bodyHash,
        record.baseVersion,
        lengthOf(record.baseBody),
        record.origin && [record.origin.node, record.origin.version, record.origin.operation],
        record.author,
        record.writtenAt,
        record.baseDigest,
        record.isSuperseded ? 1 : 0,
      ];
      parts.push(JSON.stringify(head));
      if (record.body !== null) parts.push(record.body);
      if (record.baseBody !== null) parts.push(record.baseBody);
    }
  }
  const end = {
    end: units.length,
    ...(ask.length > 0 ? { ask } : {}),
    ...(withdraw.length > 0 ? { withdraw } : {}),
  };
  parts.push(JSON.stringify(end), "");
  return parts.join("\n");
}

/** Reads units; whatever is cut, damaged or malformed throws `REMOTE_NONSENSE`, and nothing of the request is used. */
export function parsePushBatch(text: string): PushBatch {
  const reading = new Reading(Buffer.from(text));
  const units: PushUnit[] = [];
  for (;;) {
    const head = reading.line();
    if (!Array.isArray(head)) {
      const { end, ask, withdraw } = head as { end?: unknown; ask?: unknown; withdraw?: unknown };
      if (end !== units.length || !reading.isAtEnd) throw nonsense("its end does not count it");
      return { units, ask: operationsFrom(ask), withdraw: operationsFrom(withdraw) };
    }
    const [operationId, count] = head;
    if (!isOperationId(operationId)) throw nonsense("a unit has no name");
    if (!Number.isSafeInteger(count) || (count as number) < 1 || (count as number) > unitRecordsMax) {
      throw nonsense(`unit ${operationId} has a wrong number of records`);
    }
    if (units.length === pushUnitsMax) throw nonsense(`it has more than ${pushUnitsMax} units`);
    const records = Array.from({ length: count as number }, () => recordFrom(reading));
    if (new Set(records.map(({ type, id }) => `${type}/${id}`)).size !== records.length) {
      throw nonsense(`unit ${operationId} has a record twice`);
    }
    units.push({ operationId, records });
  }
}

const noQuestions = { ask: [], withdraw: [] } as const;

function operationsFrom(list: unknown): string[] {
  if (list === undefined) return [];
  if (Array.isArray(list) && list.length <= pushQuestionsMax && list.every(isOperationId)) return list;
  throw nonsense("it asks about what are no units");
}

function isOperationId(value: unknown): value is string {
  return typeof value === "string" && /^[\w.-]{1,200}:\d{1,15}$/.test(value);
}

/** As `bodyDigestOf` makes it; empty for a deletion. */
function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^(?:[\w-]{22})?$/.test(value);
}

function recordFrom(reading: Reading): PushedRecord {
  const head = reading.line();
  if (!Array.isArray(head) || head.length !== 12) throw nonsense("a record has no head");
  const [type, id, version, length, bodyHash, baseVersion, baseLength, originParts, author, writtenAt, ...rest] =
    head as unknown[];
  const [baseDigest, isSuperseded] = rest;
  if (
    !isResourceType(type) ||
    !isResourceId(id) ||
    !isVersion(version) ||
    !(baseVersion === null || isVersion(baseVersion)) ||
    !(baseDigest === null || isDigest(baseDigest)) ||
    !(isSuperseded === 0 || isSuperseded === 1)
  ) {
    throw nonsense("a record's head is wrong");
  }
  const origin = originParts === null ? null : parseRecordOrigin(originParts);
  if (origin === undefined || !(author === null || isAuthor(author))) {
    throw nonsense(`the origin of ${type}/${id} is wrong`);
  }
  if (!(writtenAt === null || Number.isSafeInteger(writtenAt))) throw nonsense(`the time of ${type}/${id} is wrong`);
  const body = reading.text(length);
  if (body !== null && (typeof bodyHash !== "string" || hash("sha256", body, "hex") !== bodyHash)) {
    throw nonsense(`the body of ${type}/${id} was damaged`);
  }
  const baseBody = reading.text(baseLength);
  return {
    type,
    id,
    version,
    body,
    bodyHash: body === null ? null : (bodyHash as string),
    baseVersion,
    baseDigest,
    baseBody,
    isSuperseded: isSuperseded === 1,
    origin,
    author,
    writtenAt: writtenAt as number | null,
  };
}

/** Goes through a request line by line and body by body. */
class Reading {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  line(): object {
    const end = this.#bytes.indexOf("\n", this.#at);
    if (end < 0) throw nonsense("it ends too early");
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end + 1;
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // Told below: a line that is not JSON belongs to no request.
    }
    throw nonsense("a line is no JSON");
  }

  text(length: unknown): string | null {
    if (length === null) return null;
    const end = this.#at + Number(length);
    if (!Number.isSafeInteger(length) || (length as number) < 0 || this.#bytes[end] !== 10)
      throw nonsense("a body is cut");
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end + 1;
    return text;
  }
}

function lengthOf(text: string | null): number | null {
  return text === null ? null : Buffer.byteLength(text);
}

function isAuthor(value: unknown): value is string {
  return isKeptText(value) && value.length > 0 && value.length <= authorLengthMax;
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function nonsense(what: string): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", `The request is no batch of units: ${what}.`);
}
