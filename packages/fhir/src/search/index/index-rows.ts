import type { SqlValue } from "@tributary/database";
import { type IndexedPath, identifierPath, typeIndexOf } from "../parameter/search-parameter.ts";
import { readDates } from "../values/date-values.ts";
import { foldText } from "../values/fold-text.ts";
import { hashText } from "../values/hash-text.ts";
import { indexedBeginning, indexedKey } from "../values/indexed-text.ts";
import { readQuantities } from "../values/quantity-values.ts";
import { readReferences } from "../values/reference-values.ts";
import { readStrings } from "../values/string-values.ts";
import { noSystem, readTokens } from "../values/token-values.ts";

/** The rows of the index for one or many resources, each in the order of its table's columns. */
export interface IndexRows {
  readonly tokens: SqlValue[][];
  readonly strings: SqlValue[][];
  readonly references: SqlValue[][];
  readonly dates: SqlValue[][];
  readonly quantities: SqlValue[][];
}

/** No rows yet. */
export function noIndexRows(): IndexRows {
  return { tokens: [], strings: [], references: [], dates: [], quantities: [] };
}

/** Reads all values of a resource that its type's parameters look at, and adds their rows. */
export function addIndexRows(rows: IndexRows, resourceKey: number, resourceType: string, resource: object): void {
  const place: Place = { resourceKey, path: 0, position: 0 };
  for (const indexed of typeIndexOf(resourceType).paths) {
    place.path = indexed.path;
    indexed.walk(resource, takerOf(indexed.kind, rows, place));
  }
}

/** Where the next row belongs: one object for a whole resource, so that no closure is made per value. */
interface Place {
  readonly resourceKey: number;
  path: number;
  position: number;
}

function takerOf(kind: IndexedPath["kind"], rows: IndexRows, place: Place): (element: unknown) => void {
  switch (kind) {
    case "token":
      return (element) => readTokens(element, (system, code) => addToken(rows, place, system, code));
    case "uri":
      return (element) => {
        if (typeof element === "string") addToken(rows, place, noSystem, element);
      };
    case "string":
      return (element) => readStrings(element, (text) => addString(rows, place, text));
    case "reference":
      return (element) => addReferences(rows, place, element);
    case "date":
      return (element) =>
        readDates(element, ({ low, high }) => {
          rows.dates.push([place.resourceKey, place.path, place.position++, low, high]);
        });
    case "quantity":
    case "number":
      return (element) =>
        readQuantities(element, ({ low, high, system, code, unit }) => {
          const { resourceKey, path } = place;
          const shown = unit === null ? null : indexedKey(unit);
          rows.quantities.push([resourceKey, path, place.position++, low, high, system, indexedKey(code), shown]);
        });
  }
}

function addToken({ tokens }: IndexRows, place: Place, system: number, code: string): void {
  tokens.push([place.resourceKey, place.path, place.position++, system, indexedKey(code)]);
}

function addString({ strings }: IndexRows, place: Place, text: string): void {
  const folded = indexedBeginning(foldText(text));
  if (folded !== "") strings.push([place.resourceKey, place.path, place.position++, folded, hashText(text)]);
}

function addReferences(rows: IndexRows, place: Place, element: unknown): void {
  readReferences(element, ({ type, id }) => {
    rows.references.push([place.resourceKey, place.path, place.position++, type, indexedKey(id)]);
  });
  const identifier =
    typeof element === "object" ? (element as { readonly identifier?: unknown }).identifier : undefined;
  if (identifier === undefined) return;
  const beside = { ...place, path: identifierPath(place.path) };
  readTokens(identifier, (system, code) => addToken(rows, beside, system, code));
  place.position = beside.position;
}
