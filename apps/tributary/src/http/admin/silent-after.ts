import type { Node } from "@tributary/runtime";

/** How long a node may say nothing before it counts as silent, by this node's configuration. */
export function silentAfterMsOf({ config }: Pick<Node, "config">): number {
  return config.alerts.silentMinutes * 60_000;
}
