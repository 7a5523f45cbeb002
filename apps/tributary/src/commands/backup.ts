import { backUpNode, readConfig } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";

export interface BackupOptions {
  readonly dir: string;
  readonly to: string;
  readonly json?: boolean;
}

/** `tributary backup`: a consistent, checked copy of the node's database, while the node goes on. */
export async function backup({ dir, to, json }: BackupOptions, terminal: Terminal): Promise<void> {
  const made = await backUpNode(await readConfig(dir, terminal.environment), to);
  if (json) terminal.print(JSON.stringify(made));
  else terminal.note(`${made.file} holds ${made.records} records of ${made.node}, and has been read back.`);
}
