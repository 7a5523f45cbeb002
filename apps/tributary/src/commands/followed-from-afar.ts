import type { StatusAnswer } from "@tributary/admin-api";
import { systemClock } from "@tributary/kernel";
import type { AdminConnection } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { describeBeginning } from "./snapshot-progress-text.ts";

/** How often the node is asked how far it is; what somebody sees is seldom older. */
const askEveryMs = 2_000;

/**
 * Waits for a round of a running node, and draws meanwhile how far the node is, as its status tells it. The rounds of a
 * folder's node tell it by themselves, and where nobody watches nobody is asked.
 */
export async function followedFromAfar<Result>(
  { node }: { readonly node?: string },
  { ask }: Pick<AdminConnection, "ask">,
  terminal: Terminal,
  round: () => Promise<Result>,
): Promise<Result> {
  if (!node || !terminal.isWatched) return round();
  const ended = new AbortController();
  const following = follow();
  try {
    return await round();
  } finally {
    ended.abort();
    await following;
  }

  /** A status that cannot be had says nothing about the round. */
  async function follow(): Promise<void> {
    while (!ended.signal.aborted) {
      const told = await ask("GET /status", { signal: ended.signal }).catch(() => undefined);
      if (told?.parent && !ended.signal.aborted) terminal.redraw(lineOf(told.parent));
      await systemClock.sleep(askEveryMs, ended.signal);
    }
  }
}

function lineOf({ beginning, position, head }: NonNullable<StatusAnswer["parent"]>): string {
  if (beginning) return `Beginning: ${describeBeginning(beginning)}.`;
  return `At ${position} of ${head}.`;
}
