import { TributaryError } from "@tributary/kernel";
import { jsonObjectIn } from "../line/json-object.ts";
import { streamPageEntries } from "../line/protocol.ts";
import type { StreamEntry } from "./stream-entry.ts";

/** One page of a stream, or its end from some entry on. A sealed page is full and never changes again. */
export interface StreamPage {
  readonly stream: string;
  /** Names the history that this page belongs to; another epoch is another history. */
  readonly epoch: string;
  /** From 1. */
  readonly page: number;
  readonly isSealed: boolean;
  /** The stream's last position when the page was made. */
  readonly head: number;
  /** Position of the first entry here: the page's first, or the one behind the marker that was told. */
  readonly from: number;
  /** Digest of the entry before that, or `null` when there is none. */
  readonly before: string | null;
  readonly entries: readonly StreamEntry[];
}

type EntryRow = [
  type: string,
  id: string,
  version: number,
  bodyDigest: string,
  originNode: string | null,
  originOperation: string | null,
  orderKey: string | null,
  transaction: string | null,
  ...movement: ("enter" | "exit")[],
];

/** Where a position stands: its page, and the first position of that page. */
export function pageOf(position: number): { readonly page: number; readonly first: number } {
  const page = Math.max(1, Math.ceil(position / streamPageEntries));
  return { page, first: (page - 1) * streamPageEntries + 1 };
}

/** Writes a page as compact JSON: an entry is a row, its position follows from its place. */
export function writeStreamPage(page: StreamPage): string {
  const rows = page.entries.map(
    (entry): EntryRow => [
      entry.type,
      entry.id,
      entry.isDeleted ? -entry.version : entry.version,
      entry.bodyDigest,
      entry.originNode,
      entry.originOperation,
      entry.orderKey,
      entry.transaction,
      ...(entry.movement ? [entry.movement] : []),
    ],
  );
  const { stream, epoch, isSealed, head, from, before } = page;
  return JSON.stringify({ stream, epoch, page: page.page, isSealed, head, from, before, entries: rows });
}

/** Reads a page; anything that is not exactly one throws `REMOTE_NONSENSE`, so that a damaged page is never half read. */
export function parseStreamPage(text: string): StreamPage {
  const { stream, epoch, page, isSealed, head, from, before, entries } = parsed(text);
  if (
    typeof stream !== "string" ||
    !isKeptText(epoch) ||
    !isCount(page) ||
    page < 1 ||
    typeof isSealed !== "boolean" ||
    !isCount(head) ||
    !isCount(from) ||
    !(before === null || typeof before === "string") ||
    !Array.isArray(entries)
  ) {
    throw nonsense("its frame is wrong");
  }
  const end = page * streamPageEntries;
  const last = from + entries.length - 1;
  if (from <= end - streamPageEntries || last > end || last > head) throw nonsense("it has entries of other pages");
  if (last !== Math.min(head, end) || isSealed !== head >= end) throw nonsense("entries are missing at its end");
  const read = entries.map((row, at) => entryOf(row, from + at));
  return { stream, epoch, page, isSealed, head, from, before, entries: read };
}

function parsed(text: string): Record<string, unknown> {
  const value = jsonObjectIn(text);
  if (value === undefined) throw nonsense("it is no JSON object");
  return value;
}

function entryOf(row: unknown, position: number): StreamEntry {
  if (!Array.isArray(row) || row.length < 8 || row.length > 9) throw nonsense(`entry ${position} has another shape`);
  const [type, id, version, bodyDigest, originNode, originOperation, orderKey, transaction, movement] =
    row as unknown[];
  if (
    !isResourceType(type) ||
    !isResourceId(id) ||
    !Number.isSafeInteger(version) ||
    version === 0 ||
    !isKeptText(bodyDigest) ||
    !isTextOrNull(originNode) ||
    !isTextOrNull(originOperation) ||
    !isTextOrNull(orderKey) ||
    !isTextOrNull(transaction) ||
    !(movement === undefined || movement === "enter" || movement === "exit")
  ) {
    throw nonsense(`entry ${position} has a wrong value`);
  }
  const signed = version as number;
  const isDeleted = signed < 0;
  const entry = {
    position,
    type,
    id,
    version: Math.abs(signed),
    isDeleted,
    bodyDigest,
    originNode,
    originOperation,
    orderKey,
    transaction,
  };
  return movement ? { ...entry, movement } : entry;
}

/** Tells whether a text can be a resource type: what this version does not know may come from a newer parent. */
export function isResourceType(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z][A-Za-z0-9]{0,63}$/.test(value);
}

/** Tells whether a text is a FHIR `id`. See https://hl7.org/fhir/R4/datatypes.html#id. */
export function isResourceId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9.-]{1,64}$/.test(value);
}

/** Tells whether a value is a text that every database can keep: PostgreSQL has no zero character in one. */
export function isKeptText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || isKeptText(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function nonsense(what: string): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", `The answer is no page of a stream: ${what}.`, { retryable: true });
}
