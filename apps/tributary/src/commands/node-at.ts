import type { Database } from "@tributary/database";
import {
  type Node,
  type NodeConfig,
  type NodeSurroundings,
  openNode,
  openNodeDatabase,
  readConfig,
} from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";

/** Opens the node of a folder for one command: nothing runs by itself, and nothing is logged. */
export async function openNodeAt(
  folder: string,
  terminal: Terminal,
  surroundings: Pick<NodeSurroundings, "withoutUnusableSettings"> = {},
): Promise<Node> {
  return openNode(await readConfig(folder, terminal.environment), surroundings);
}

/** Opens only the configuration and database of a folder's node. */
export async function openDatabaseAt(
  folder: string,
  terminal: Terminal,
): Promise<{ readonly config: NodeConfig; readonly database: Database }> {
  const config = await readConfig(folder, terminal.environment);
  return { config, database: await openNodeDatabase(config) };
}
