import { TributaryError } from "@tributary/kernel";
import type { Node, SyncListeners } from "@tributary/runtime";
import type { Synchronizer } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

/** Does one round with the parent of the node in a folder; Ctrl-C breaks it off cleanly. Throws at a parent. */
export async function oneRound<Report>(
  dir: string,
  terminal: Terminal,
  listeners: SyncListeners,
  round: (synchronizer: Synchronizer, signal: AbortSignal, node: Node) => Promise<Report>,
): Promise<Report> {
  await using node = await openNodeAt(dir, terminal);
  if (node.config.node.role === "parent") {
    throw new TributaryError(
      "CONFIG_INVALID",
      `The node ${node.id} is a parent; its children push to it and pull from it.`,
    );
  }
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  await using synchronizer = await node.openSynchronizer(listeners);
  const report = await round(synchronizer, stop.signal, node);
  process.off("SIGINT", end).off("SIGTERM", end);
  return report;
}
