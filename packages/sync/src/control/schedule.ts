/** When one way of a link is due. What reads cron expressions is the node's to bring; see `everyMs` for intervals. */
export interface Schedule {
  /** Whether it is due as soon as the node starts, or only at its next time. */
  readonly isDueAtStart: boolean;
  /** The next time after a moment, both in milliseconds since 1970; `undefined` when there is none any more. */
  nextAfter(now: number): number | undefined;
}

/** Due at the start, and so many milliseconds after each round. */
export function everyMs(milliseconds: number): Schedule {
  return { isDueAtStart: true, nextAfter: (now) => now + milliseconds };
}
