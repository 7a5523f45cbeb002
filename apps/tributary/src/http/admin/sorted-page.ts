/** How a page of a list that fits into the memory is cut. */
export interface PageRequest<Item> {
  /** Names an item; what a page ended with is found again by it. */
  readonly nameOf: (item: Item) => string;
  /** What the list is sorted by; what has no value comes last, whichever way. */
  readonly by: (item: Item) => string | number | null;
  readonly order: "asc" | "desc";
  readonly matches: (item: Item) => boolean;
  /** The name of the last item of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A page, and how many items the filter finds on all pages. */
export interface SortedPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly total: number;
}

/**
 * Cuts a page out of a list. Items that are alike are in the order of their names, so that none is shown twice or left
 * out; an item that moves while somebody turns the pages may be. What a page ended with may be filtered out by now, and the
 * list goes on behind it all the same; where it is gone altogether the list begins anew. Pure.
 */
export function sortedPage<Item>(items: readonly Item[], request: PageRequest<Item>): SortedPage<Item> {
  const { nameOf, after, limit, matches } = request;
  const sorted = items.toSorted(comparing(request));
  const begins = after === undefined ? 0 : sorted.findIndex((item) => nameOf(item) === after) + 1;
  const found = sorted.slice(begins).filter(matches);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page,
    next: last !== undefined && found.length > page.length ? nameOf(last) : null,
    total: begins === 0 ? found.length : items.filter(matches).length,
  };
}

function comparing<Item>({ by, order, nameOf }: PageRequest<Item>): (one: Item, other: Item) => number {
  const way = order === "asc" ? 1 : -1;
  return (one, other) => {
    const [left, right] = [by(one), by(other)];
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else if (left !== right) return left < right ? -way : way;
    const [leftName, rightName] = [nameOf(one), nameOf(other)];
    return leftName === rightName ? 0 : leftName < rightName ? -1 : 1;
  };
}
