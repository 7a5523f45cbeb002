import type { NetworkChild } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, type SortOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

/** By what the children can be sorted. */
export type NetworkSort = SortOf<"GET /network">;

export interface NetworkOptions extends AdminOptions, ListOptions<NetworkSort> {
  readonly state?: NetworkChild["state"];
  readonly json?: boolean;
}

/** `tributary network`: each child with its state and what it told of itself; what is not known is a question mark. */
export async function showNetwork(options: NetworkOptions, terminal: Terminal): Promise<void> {
  const { state } = options;
  await using admin = await openAdmin(options, terminal);
  const query = { ...listQueryOf(options), ...(state === undefined ? {} : { state }) };
  const network = await admin.ask("GET /network", { query });
  if (options.json) return terminal.print(losslessJson(network));
  if (network.children.length === 0)
    return terminal.note("No such children; `tributary enrol --new NAME` lets one in.");
  const figure = (value: number | null) => (value === null ? "?" : String(value));
  terminal.print(
    textTable(
      ["NODE", "STATE", "LAST SEEN", "BEHIND", "UNSENT", "PARKED", "FAILED", "CONFLICTS", "CATCHMENT"],
      network.children.map((child) => [
        child.node,
        child.state,
        child.lastSeenAt === null ? "never" : new Date(child.lastSeenAt).toISOString(),
        figure(child.behind),
        figure(child.unsent),
        figure(child.parked),
        figure(child.failed),
        figure(child.openConflicts),
        child.catchment ?? "",
      ]),
    ),
  );
  tellMore(network, terminal);
}
