import { type Reader, sql } from "@tributary/database";
import { allNodes, quarterMs, type TrafficAmounts } from "./traffic-counter.ts";

/** A quarter of an hour of work. */
export interface TrafficPoint extends TrafficAmounts {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

const readPoints = sql(`
  select at, requests, bytes_sent as "bytesSent", bytes_received as "bytesReceived", records_in as "recordsIn",
    records_out as "recordsOut", failures
  from traffic_quarters where node = $1 and at >= $2 order by at`);
const sumOfNodes = sql({
  sqlite: `
    select node, sum(bytes_sent + bytes_received) as bytes from traffic_quarters
    where node in (select value from json_each($1)) and at >= $2 group by node`,
  postgres: `
    select node, sum(bytes_sent + bytes_received)::bigint as bytes from traffic_quarters
    where node in (select json_array_elements_text($1::json)) and at >= $2 group by node`,
});

/** The quarters since a moment, the earliest first, those included in which nothing happened: a chart has no holes. */
export async function readTraffic(
  reader: Reader,
  { node = allNodes, since, until }: { readonly node?: string; readonly since: number; readonly until: number },
): Promise<TrafficPoint[]> {
  const first = since - (since % quarterMs);
  const found = new Map(
    (await reader.all<TrafficPoint>(readPoints, [node, first])).map((point) => [point.at, point] as const),
  );
  const points: TrafficPoint[] = [];
  for (let at = first; at <= until; at += quarterMs) points.push(found.get(at) ?? emptyAt(at));
  return points;
}

/** The bytes of some nodes since a moment, both ways together. */
export async function readTrafficOfNodes(
  reader: Reader,
  { nodes, since }: { readonly nodes: readonly string[]; readonly since: number },
): Promise<ReadonlyMap<string, number>> {
  if (nodes.length === 0) return new Map();
  const rows = await reader.all<{ node: string; bytes: number }>(sumOfNodes, [JSON.stringify(nodes), since]);
  return new Map(rows.map(({ node, bytes }) => [node, Number(bytes)]));
}

function emptyAt(at: number): TrafficPoint {
  return { at, requests: 0, bytesSent: 0, bytesReceived: 0, recordsIn: 0, recordsOut: 0, failures: 0 };
}
