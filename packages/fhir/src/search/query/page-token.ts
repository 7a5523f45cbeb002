import { refusal } from "../../model/fhir-refusal.ts";
import type { SortKey } from "../request/sort-key.ts";
import { hashText } from "../values/hash-text.ts";

/** A value that matches are ordered by; `null` when a resource has none. */
export type SortValue = string | number | null;

/** The state of the database that all pages of one search speak of. */
export interface PageBound {
  /** The last version that had been written. */
  readonly versionKey: number;
  /** The last resource that had been written. */
  readonly resourceKey: number;
}

/** Where a page begins (`after`) or ends (`before`): at a resource, which itself is not on it. */
export interface PagePosition {
  readonly direction: "after" | "before";
  readonly values: readonly SortValue[];
  readonly resourceKey: number;
  readonly bound: PageBound;
}

const tokenLengthMax = 8_192;
const tokenVersion = 1;

/** Writes a position for a link. Its form means nothing to clients and may change. `search` names the search it is of. */
export function writePageToken(position: PagePosition, search: string): string {
  const { direction, values, resourceKey, bound } = position;
  const fields = [tokenVersion, direction, values, resourceKey, bound.versionKey, bound.resourceKey, hashText(search)];
  return Buffer.from(JSON.stringify(fields)).toString("base64url");
}

/** Reads a position again; refuses with 400 a token that was changed, or was made for another search. */
export function readPageToken(token: string, search: string, sort: readonly SortKey[]): PagePosition {
  const fields = token.length <= tokenLengthMax ? parse(token) : undefined;
  if (!Array.isArray(fields) || fields.length !== 7) throw badToken();
  const [version, direction, values, resourceKey, boundVersion, boundResource, of] = fields as unknown[];
  if (version !== tokenVersion || (direction !== "after" && direction !== "before")) throw badToken();
  if (!isKey(resourceKey) || !isKey(boundVersion) || !isKey(boundResource)) throw badToken();
  if (!Array.isArray(values) || values.length !== sort.length) throw badToken();
  if (!sort.every((key, at) => isValueOf(key, values[at]))) throw badToken();
  if (of !== hashText(search)) throw badToken();
  return { direction, values, resourceKey, bound: { versionKey: boundVersion, resourceKey: boundResource } };
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isKey(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A value of another type than the key's column has would not be a mistake of the page, but of the statement. */
function isValueOf(key: SortKey, value: unknown): value is SortValue {
  if (key.kind === "id") return isText(value);
  if (key.kind === "last-updated") return isKey(value);
  if (value === null) return true;
  if (key.table === "search_date") return Number.isSafeInteger(value);
  return key.table === "search_quantity" ? Number.isFinite(value) : isText(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function badToken() {
  return refusal(
    400,
    "value",
    "The page token is not one of this search. Begin again at its first page, and follow the links as they are.",
  );
}
