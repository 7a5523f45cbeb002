/** How a page of a list that fits into the memory is cut. */
export interface PageRequest<Item> {
  /** Names an item; no other item of the list has that name. */
  readonly nameOf: (item: Item) => string;
  /** What the list is sorted by; what has no value comes last, whichever way. */
  readonly by: (item: Item) => SortValue;
  readonly order: "asc" | "desc";
  readonly matches: (item: Item) => boolean;
  /** What the page before told as `next`, or the name of an item. */
  readonly after: string | undefined;
  readonly limit: number;
}

type SortValue = string | number | null;

/** Where an item stands in a sorted list; it stays a place when the item has gone from there. */
export interface Place {
  readonly value: SortValue;
  readonly name: string;
}

/** A page, and how many items the filter finds on all pages. */
export interface SortedPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly total: number;
}

/**
 * Cuts a page out of a list. Items that are alike are in the order of their names, so that none is shown twice or left
 * out; an item that moves while somebody turns the pages may be. The list goes on behind the place where the last page
 * ended, also when what stood there is filtered out, has moved or is gone by now. Behind a mere name that nothing has, it
 * begins anew. Pure.
 */
export function sortedPage<Item>(items: readonly Item[], request: PageRequest<Item>): SortedPage<Item> {
  const { nameOf, by, order, after, limit, matches } = request;
  const placeOf = (item: Item): Place => ({ value: by(item), name: nameOf(item) });
  const sorted = items.toSorted((one, other) => compare(placeOf(one), placeOf(other), order));
  const ended = after === undefined ? undefined : (readPlace(after) ?? placeOfNamed(after, items, placeOf));
  const found = sorted.filter(matches);
  const rest = ended ? found.filter((item) => compare(placeOf(item), ended, order) > 0) : found;
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page,
    next: last !== undefined && rest.length > page.length ? writePlace(placeOf(last)) : null,
    total: found.length,
  };
}

/** A place as clients are told it. A name alone is enough where the list is sorted by it. */
export function writePlace({ value, name }: Place): string {
  return value === name ? name : JSON.stringify([value, name]);
}

/** Reads a place as a client hands it back; `undefined` for a mere name, since no name of an item is a JSON array. */
export function readPlace(after: string): Place | undefined {
  if (!after.startsWith("[")) return undefined;
  try {
    const [value, name] = JSON.parse(after) as readonly unknown[];
    const isValue = value === null || typeof value === "string" || typeof value === "number";
    return isValue && typeof name === "string" ? { value, name } : undefined;
  } catch {
    return undefined;
  }
}

function placeOfNamed<Item>(name: string, items: readonly Item[], placeOf: (item: Item) => Place): Place | undefined {
  return items.map(placeOf).find((place) => place.name === name);
}

function compare(one: Place, other: Place, order: "asc" | "desc"): number {
  const [left, right] = [one.value, other.value];
  if (left === null || right === null) {
    if (left !== right) return left === null ? 1 : -1;
  } else if (left !== right) return left < right === (order === "asc") ? -1 : 1;
  return one.name === other.name ? 0 : one.name < other.name ? -1 : 1;
}
