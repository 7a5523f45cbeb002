import { makeSetupToken, type Node } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";

/**
 * Tells whoever started the node for the first time how to make the first administrator. The link stands on the terminal
 * alone and in no log; it works once and for a day, and another start makes another one.
 */
export async function tellSetupLink(node: Node, address: string, terminal: Terminal): Promise<void> {
  const token = await makeSetupToken(node.database, node);
  if (token === undefined) return;
  const base = (node.config.http.publicUrl ?? address).replace(/\/$/, "");
  terminal.note(
    `Nobody can sign in yet. Make the first administrator here, within a day:\n  ${base}/console/setup#${token}`,
  );
}
