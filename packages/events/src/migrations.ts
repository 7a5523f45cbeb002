import type { Migration } from "@tributary/database";
import { recordColumns } from "./records/record-columns.ts";
import { createMoveFunction } from "./sequencer/move-function.ts";

/** The tables of events: queue, records, feeds, order keys and the sequencer's one row. */
export const eventsMigrations: readonly Migration[] = [
  {
    id: "events/1-records",
    statements: ({ identity, bigint, timestamp, now, bytewise }, dialect) => {
      const shared = Object.entries(recordColumns).map(
        ([name, type]) => `${name} ${type === "bigint" ? bigint : type}`,
      );
      const newId = dialect === "sqlite" ? "lower(hex(randomblob(16)))" : "gen_random_uuid()::text";
      const clustered = dialect === "sqlite" ? "without rowid" : "";
      return [
        // Its columns but the extra ones are those that other programs insert into.
        `create table event_records_queue (
           id ${identity},
           timestamp ${timestamp} default ${now},
           ${shared.join(", ")},
           streams text
         )`,
        // The position is given by the sequencer, never by the database: it has no gaps.
        `create table event_records (
           id ${bigint} primary key check (id > 0),
           timestamp ${timestamp} not null default ${now},
           date_created ${timestamp},
           ${shared.join(", ")}
         )`,
        // Finds the entry at which a reader stopped. Not unique: other programs may have copied a row twice.
        "create index event_records_uuid on event_records (uuid)",
        `create table event_record_feeds (
           feed text ${bytewise} not null,
           feed_position ${bigint} not null check (feed_position > 0),
           record_id ${bigint} not null,
           primary key (feed, feed_position)
         ) ${clustered}`,
        `create table event_feed_heads (
           feed text ${bytewise} primary key not null,
           position ${bigint} not null check (position > 0)
         ) ${clustered}`,
        `create table event_streams (
           order_key text ${bytewise} primary key not null,
           seq ${bigint} not null check (seq > 0)
         ) ${clustered}`,
        `create table event_sequencer (
           one integer primary key check (one = 1),
           last_position ${bigint} not null default 0,
           low_hint ${bigint} not null default 0,
           log_id text not null,
           epoch text not null
         )`,
        `insert into event_sequencer (one, log_id, epoch) values (1, ${newId}, ${newId})`,
        ...(dialect === "postgres" ? [...tuning, createMoveFunction] : []),
      ];
    },
  },
];

/**
 * The queue is emptied as fast as it fills, and the other three are updated in place: their dead rows must go soon, and
 * a page needs room for the next version of its rows.
 */
const tuning = [
  "alter table event_records_queue set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)",
  "alter table event_streams set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)",
  "alter table event_feed_heads set (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)",
  "alter table event_sequencer set (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)",
];
