import type { Node, SyncListeners } from "@tributary/runtime";
import { openNodeAt } from "../commands/node-at.ts";
import { authorOf } from "../commands/operator.ts";
import type { Terminal } from "../terminal.ts";
import type { AdminWay } from "./admin-way.ts";
import { handIn } from "./hand-in.ts";
import type { AdminOptions, LocalWay } from "./open-admin.ts";

/** Opens the node of a folder; requests are handed to the routes of its admin API within this process. */
export async function openLocalNode(
  { dir, as }: Pick<AdminOptions, "dir" | "as">,
  terminal: Terminal,
  { settings, ...listeners }: LocalWay,
): Promise<AdminWay> {
  const opened = new AsyncDisposableStack();
  const node = opened.use(await openNodeAt(dir, terminal, { withoutUnusableSettings: settings !== undefined }));
  const followed = followedBy(node, listeners, opened);
  return {
    ...handIn(followed, authorOf(as, terminal)),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The node with a synchronizer whose rounds are told to somebody. */
function followedBy(node: Node, listeners: SyncListeners, opened: AsyncDisposableStack): Node {
  let own: ReturnType<Node["openSynchronizer"]> | undefined;
  return {
    ...node,
    async synchronizer() {
      if (node.config.node.role === "parent") return undefined;
      own ??= node.openSynchronizer(listeners).then((synchronizer) => opened.use(synchronizer));
      return own;
    },
  };
}
