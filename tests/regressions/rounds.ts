import type { Exchange } from "@tributary/sync";
import { moveAll, type NodeForTests, synchronizerOf } from "@tributary/sync/testing";

const live = new AbortController().signal;

/** One whole round of a child: push, then pull. */
export async function round(child: NodeForTests, parent: NodeForTests, line: Exchange = parent.answer) {
  await using synchronizer = synchronizerOf(child, line);
  const pushed = await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  const pulled = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return { pushed, pulled };
}

/** One pull and no push, as it happens when an edit is made after the push of a round. */
export async function pullOnly(child: NodeForTests, parent: NodeForTests) {
  await using synchronizer = synchronizerOf(child, parent.answer);
  const pulled = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return pulled;
}

/** What a node says of one record, or `undefined` when it is not there. */
export async function recordAt(node: NodeForTests, name: string): Promise<Record<string, unknown> | undefined> {
  const body = (await node.bodies())[name];
  return body === undefined ? undefined : (JSON.parse(body) as Record<string, unknown>);
}
