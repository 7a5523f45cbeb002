import type { AdminAnswer } from "@tributary/admin-api";
import { parseReference } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";

export interface RecordReachOptions extends AdminOptions {
  readonly reference: string;
  readonly json?: boolean;
}

/** `tributary status REFERENCE`: which tiers above a node have the current version of a record. */
export async function recordReach(options: RecordReachOptions, terminal: Terminal): Promise<void> {
  const key = parseReference(options.reference);
  if (!key) throw new TributaryError("CONFIG_INVALID", "Name a record as TYPE/ID, for example Patient/123.");
  await using admin = await openAdmin(options, terminal);
  const { type, id } = key;
  const reach = await admin.ask("GET /records/:type/:id/reach", { path: { type, id } });
  terminal.print(options.json ? losslessJson(reach) : describe(reach));
}

function describe({ reference, version, tiers }: AdminAnswer<"GET /records/:type/:id/reach">): string {
  if (tiers.length === 0) return `${reference} is at version ${version} here; this node has no parent.`;
  const places = tiers.map(({ node, has }) => {
    if (has === null) return `${node}: not known here`;
    return `${node}: ${has ? "has it" : "not yet"}`;
  });
  return `${reference} is at version ${version} here; ${places.join(", ")}`;
}
