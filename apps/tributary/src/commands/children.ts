import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface ListChildrenOptions
  extends AdminOptions,
    ListOptions<"node" | "enrolledAt" | "lastSeenAt" | "catchment"> {
  readonly access?: "enrolled" | "revoked" | "contested";
  readonly json?: boolean;
}

/** `tributary node list`: the nodes that ever enrolled here, and whether each has access. */
export async function listChildren(options: ListChildrenOptions, terminal: Terminal): Promise<void> {
  const { access } = options;
  await using admin = await openAdmin(options, terminal);
  const query = { ...listQueryOf(options), ...(access === undefined ? {} : { access }) };
  const page = await admin.ask("GET /children", { query });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.note("No such children; `tributary enrol --new NAME` lets one in.");
  const time = (at: number | null) => (at === null ? "never" : new Date(at).toISOString());
  const rows = page.items.map(({ node, catchment, enrolledAt, lastSeenAt, revokedAt, contestedAt }) => [
    node,
    catchment ?? "",
    time(enrolledAt),
    time(lastSeenAt),
    revokedAt !== null ? `revoked ${time(revokedAt)}` : contestedAt !== null ? "two are at work" : "enrolled",
  ]);
  terminal.print(textTable(["NODE", "CATCHMENT", "ENROLLED", "LAST SEEN", "ACCESS"], rows));
  tellMore(page, terminal);
}
