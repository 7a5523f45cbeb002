import { listFailures } from "@tributary/sync";
import type { SimNode } from "../world/sim-node.ts";

/** What stands in a node's way, for the message of a failure. */
export async function tellWaiting({ node }: SimNode): Promise<string> {
  const failures = await listFailures(node.database, { limit: 5 });
  return JSON.stringify(failures);
}
