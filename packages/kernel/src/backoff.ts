import type { Random } from "./random.ts";

/** How waiting grows from one failed attempt to the next. */
export interface BackoffPlan {
  readonly firstMs: number;
  readonly maximumMs: number;
}

/**
 * How long to wait after the `attempt`th failure in a row (the first is 1): a random part of a span that doubles each
 * time ("full jitter"), so that many nodes that failed together do not come back together.
 */
export function nextDelay(attempt: number, plan: BackoffPlan, random: Random): number {
  const span = Math.min(plan.maximumMs, plan.firstMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30));
  return Math.ceil(random.next() * span);
}
