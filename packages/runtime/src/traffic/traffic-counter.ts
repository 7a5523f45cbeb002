import { bulkInsert, type Database, sql } from "@tributary/database";
import type { Clock } from "@tributary/kernel";

export const quarterMs = 15 * 60_000;
/** All lines together are kept for a month, each child's own for two days: enough for a chart of yesterday. */
const keepAllMs = 31 * 24 * 60 * 60_000;
const keepNodeMs = 2 * 24 * 60 * 60_000;
/** Nodes counted apart between two writes; a parent of more children counts the others in the sum only. */
const nodesMax = 10_000;
/** Stands for all lines together. */
export const allNodes = "";

/** What is counted. */
export interface TrafficAmounts {
  readonly requests: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Records that came from other nodes, and records that were written here and go out. */
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** Requests that came to nothing. */
  readonly failures: number;
}

const names = ["requests", "bytesSent", "bytesReceived", "recordsIn", "recordsOut", "failures"] as const;

const addSome = bulkInsert(
  "traffic_quarters",
  {
    node: "text",
    at: "bigint",
    requests: "bigint",
    bytes_sent: "bigint",
    bytes_received: "bigint",
    records_in: "bigint",
    records_out: "bigint",
    failures: "bigint",
  },
  `on conflict (node, at) do update set
    requests = traffic_quarters.requests + excluded.requests,
    bytes_sent = traffic_quarters.bytes_sent + excluded.bytes_sent,
    bytes_received = traffic_quarters.bytes_received + excluded.bytes_received,
    records_in = traffic_quarters.records_in + excluded.records_in,
    records_out = traffic_quarters.records_out + excluded.records_out,
    failures = traffic_quarters.failures + excluded.failures`,
);
const dropOld = sql(`delete from traffic_quarters where at < $1 or (at < $2 and node <> '${allNodes}')`);

/** Counts in memory what goes over the lines, and adds it to the database now and then; a crash loses a minute of it. */
export class TrafficCounter {
  readonly #clock: Clock;
  #pending = new Map<string, Record<(typeof names)[number], number>>();
  /** Since the program started, for the metrics. */
  readonly totals: Record<(typeof names)[number], number> = zero();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds to the sum of all lines and, when it is told, to one node's own. */
  note(amounts: Partial<TrafficAmounts>, node?: string): void {
    const now = this.#clock.now();
    const at = now - (now % quarterMs);
    for (const one of node === undefined ? [allNodes] : [allNodes, node]) {
      const key = `${at} ${one}`;
      let counted = this.#pending.get(key);
      if (!counted) {
        if (this.#pending.size >= nodesMax && one !== allNodes) continue;
        counted = zero();
        this.#pending.set(key, counted);
      }
      for (const name of names) counted[name] += amounts[name] ?? 0;
    }
    for (const name of names) this.totals[name] += amounts[name] ?? 0;
  }

  /** Writes what has been counted since the last time, and drops what is too old. What cannot be written is kept. */
  async flush(database: Database): Promise<void> {
    const pending = this.#pending;
    if (pending.size === 0) return;
    this.#pending = new Map();
    const now = this.#clock.now();
    try {
      await database.transaction(async (tx) => {
        await addSome(
          tx,
          [...pending].map(([key, counted]) => {
            const space = key.indexOf(" ");
            return [key.slice(space + 1), Number(key.slice(0, space)), ...names.map((name) => counted[name])];
          }),
        );
        await tx.run(dropOld, [now - keepAllMs, now - keepNodeMs]);
      });
    } catch (error) {
      for (const [key, counted] of pending) {
        const since = this.#pending.get(key);
        if (since) for (const name of names) since[name] += counted[name];
        else this.#pending.set(key, counted);
      }
      throw error;
    }
  }
}

function zero(): Record<(typeof names)[number], number> {
  return { requests: 0, bytesSent: 0, bytesReceived: 0, recordsIn: 0, recordsOut: 0, failures: 0 };
}
