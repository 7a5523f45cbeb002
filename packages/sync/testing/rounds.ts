import type { PullReport, PushReport } from "../src/sync-report.ts";
import type { SynchronizerOptions } from "../src/synchronizer-options.ts";
import { moveAll, type NodeForTests, synchronizerOf } from "./node-for-tests.ts";

/**
 * One round of a child by an engine of its own: push, then pull, however the push ended; what either brought has its place
 * in the streams of both nodes.
 */
export async function roundOf(
  child: NodeForTests,
  parent: NodeForTests,
  more: Partial<SynchronizerOptions> = {},
): Promise<{ readonly pushed: PushReport; readonly pulled: PullReport }> {
  await using synchronizer = synchronizerOf(child, parent.answer, { memberships: child.memberships, ...more });
  const signal = new AbortController().signal;
  const pushed = await synchronizer.pushOnce(signal);
  await moveAll(parent.database);
  const pulled = await synchronizer.pullOnce(signal);
  for (const { database } of [parent, child]) await moveAll(database);
  return { pushed, pulled };
}
