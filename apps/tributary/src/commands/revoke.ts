import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";

export interface RevokeOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `tributary enrol --revoke NAME`: takes a child's access away at once, audited; a running parent notices by itself. */
export async function revoke(name: string, options: RevokeOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const revoked = await admin.ask("DELETE /children/:node", { path: { node: name } });
  if (options.json) return terminal.print(losslessJson(revoked));
  terminal.print(
    `The node ${name} has no access any more; a new code (tributary enrol --new ${name}) lets it in again.`,
  );
}
