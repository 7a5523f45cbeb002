import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";

/** `tributary openapi`: the admin API of a node as an OpenAPI document, for whoever writes a program that asks it. */
export async function printOpenApi(options: AdminOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  terminal.print(await admin.ask("GET /openapi.json"));
}
