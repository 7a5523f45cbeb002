import type { Migration } from "@tributary/database";

/** What a child keeps while it begins from a snapshot, so that it can be killed anywhere and go on. */
export const bootstrapMigrations: readonly Migration[] = [
  {
    id: "sync/11-snapshots",
    statements: (types) => [
      `create table snapshot_progress (
        parent text primary key,
        snapshot_id text not null,
        manifest text not null,
        started_at ${types.bigint} not null
      )`,
      // The chunks that have been taken in, each in the transaction that did it.
      `create table snapshot_ticks (
        parent text not null,
        sha256 text not null,
        primary key (parent, sha256)
      )`,
      // What was here before and has not been met in the snapshot: at its end, what the parent has no more.
      `create table snapshot_unmet (
        parent text not null,
        type text ${types.bytewise} not null,
        id text ${types.bytewise} not null,
        primary key (parent, type, id)
      )`,
    ],
  },
];
