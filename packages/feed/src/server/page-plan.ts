import type { PageCut } from "./page-arithmetic.ts";

/** The longest page that is served: a page is made and sent as a whole. */
export const chunkLengthMax = 1_000;

/** What becomes of the rows an operator has put into `chunking_history`. */
export interface PagePlan {
  /** How pages are cut from now on. */
  readonly cuts: readonly PageCut[];
  /** A sentence for each row that is not followed. */
  readonly refusals: readonly string[];
}

/**
 * Brings what an operator configured together with what was followed before.
 *
 * Cuts that start at or before `head` (the largest total of any feed) have shaped pages that readers hold markers on:
 * they stay as they were followed, whatever became of their rows, and no new cut may start there. Cuts that start
 * later have shaped nothing yet and follow the configuration. When nothing was followed before, the rows come from an
 * older server and are taken as they are.
 */
export function planPages(followed: readonly PageCut[], configured: readonly PageCut[], head: number): PagePlan {
  const frozen = followed.filter(({ start }) => start <= head);
  const cuts = [...frozen];
  const refusals: string[] = [];
  for (const row of configured) {
    if (frozen.some((cut) => cut.start === row.start && cut.chunkLength === row.chunkLength)) continue;
    const refusal = refusalOf(row, followed.length === 0 ? 0 : head, cuts.at(-1));
    if (refusal === undefined) cuts.push({ chunkLength: row.chunkLength, start: row.start });
    else refusals.push(`${refusal} The row (${row.chunkLength}, ${row.start}) of chunking_history is not followed.`);
  }
  for (const cut of frozen) {
    if (configured.some(({ start, chunkLength }) => start === cut.start && chunkLength === cut.chunkLength)) continue;
    refusals.push(
      `Pages cut by (${cut.chunkLength}, ${cut.start}) have been handed out. The cut is followed on, though its row is gone or was edited.`,
    );
  }
  return { cuts, refusals };
}

function refusalOf(row: PageCut, head: number, before: PageCut | undefined): string | undefined {
  if (!Number.isSafeInteger(row.chunkLength) || row.chunkLength < 1 || row.chunkLength > chunkLengthMax) {
    return `A page holds 1 to ${chunkLengthMax} events, and cutting pages by time is not supported.`;
  }
  if (!Number.isSafeInteger(row.start) || row.start < 1) return "The first event has the number 1.";
  if (before && row.start <= before.start)
    return `It must start after ${before.start}, where the row before it starts.`;
  if (row.start <= head) return `It would cut pages anew that readers already hold; it must start after ${head}.`;
  return undefined;
}
