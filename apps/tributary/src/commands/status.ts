import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { describeStatus } from "./status-text.ts";

export interface StatusOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `tributary status`: what a node holds and how far it is in step, for a person or for a program. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const told = await admin.ask("GET /status");
  terminal.print(options.json ? losslessJson(told) : describeStatus(told));
}
