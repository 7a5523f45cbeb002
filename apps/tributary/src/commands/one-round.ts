import { TributaryError } from "@tributary/kernel";
import type { Node, SyncListeners } from "@tributary/runtime";
import type { Synchronizer } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** Does one round with a carried file at the node in a folder; Ctrl-C breaks it off cleanly. Throws at a parent. */
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
  await using synchronizer = await node.openSynchronizer(listeners);
  return await untilInterrupted((signal) => round(synchronizer, signal, node));
}
