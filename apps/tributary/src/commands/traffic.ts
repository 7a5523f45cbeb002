import type { TrafficPoint } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { textTable } from "./text-table.ts";

export interface TrafficOptions extends AdminOptions {
  readonly hours: string;
  /** Only what went to and from this child. */
  readonly child?: string;
  readonly json?: boolean;
}

type Amount = Exclude<keyof TrafficPoint, "at">;

const columns: readonly (readonly [heading: string, amount: Amount])[] = [
  ["REQUESTS", "requests"],
  ["SENT", "bytesSent"],
  ["RECEIVED", "bytesReceived"],
  ["RECORDS IN", "recordsIn"],
  ["RECORDS OUT", "recordsOut"],
  ["FAILURES", "failures"],
];

/** `tributary traffic`: what went over the lines, by the quarter of an hour; quarters of which nothing is told were quiet. */
export async function showTraffic(options: TrafficOptions, terminal: Terminal): Promise<void> {
  const { hours, child } = options;
  await using admin = await openAdmin(options, terminal);
  const traffic = await admin.ask("GET /traffic", {
    query: { hours, ...(child === undefined ? {} : { node: child }) },
  });
  if (options.json) return terminal.print(losslessJson(traffic));
  const busy = traffic.points.filter((point) => columns.some(([, amount]) => point[amount] > 0));
  if (busy.length === 0) return terminal.print(`Nothing went over the lines in the last ${hours} hours.`);
  const all = columns.map(([, amount]) => String(busy.reduce((sum, point) => sum + point[amount], 0)));
  const rows = busy.map((point) => [
    new Date(point.at).toISOString(),
    ...columns.map(([, name]) => String(point[name])),
  ]);
  terminal.print(textTable(["FROM", ...columns.map(([heading]) => heading)], [...rows, ["all of it", ...all]]));
}
