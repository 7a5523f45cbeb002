/** From event number `start` on, pages hold `chunkLength` events; a row of `chunking_history`. */
export interface PageCut {
  readonly chunkLength: number;
  /** Counted within each feed by itself, from 1. */
  readonly start: number;
}

/** The places of a page's first and last event in their feed, both included. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Which page is the last when a feed has `total` events; 0 when it has none. The last page is the one that `recent`
 * shows, full or not.
 *
 * Cuts are in ascending order of their starts; each holds until the next one starts, so that a page which a new cut
 * interrupts stays short for ever.
 */
export function lastPage(cuts: readonly PageCut[], total: number): number {
  return cuts.reduce((pages, cut, index) => {
    const end = Math.min(endOf(cuts, index), total);
    return pages + Math.max(0, Math.ceil((end - cut.start + 1) / cut.chunkLength));
  }, 0);
}

/** Where a page lies, once it is full; `undefined` for a page before the first. The answer never depends on the total. */
export function pageRange(cuts: readonly PageCut[], page: number): PageRange | undefined {
  if (!Number.isSafeInteger(page) || page < 1) return undefined;
  let before = 0;
  for (const [index, cut] of cuts.entries()) {
    const end = endOf(cuts, index);
    const pages = Math.ceil((end - cut.start + 1) / cut.chunkLength);
    if (page <= before + pages) {
      const from = cut.start + (page - before - 1) * cut.chunkLength;
      return { from, to: Math.min(from + cut.chunkLength - 1, end) };
    }
    before += pages;
  }
  return undefined;
}

function endOf(cuts: readonly PageCut[], index: number): number {
  const next = cuts[index + 1];
  return next ? next.start - 1 : Number.POSITIVE_INFINITY;
}
