import type { Migration } from "@tributary/database";

/** What a node keeps of the bulk exports that clients have asked for. */
export const bulkMigrations: readonly Migration[] = [
  {
    id: "sync/16-bulk-exports",
    statements: (types) => [
      // The files stand in a folder of the export's name; the row says what they are, and until when they are kept.
      `create table bulk_exports (
        export_id text primary key,
        group_name text not null,
        request_url text not null,
        resource_types text,
        since ${types.bigint},
        requested_by text not null,
        requested_at ${types.bigint} not null,
        state text not null check (state in ('waiting', 'ready', 'failed')),
        transaction_time ${types.bigint},
        files text,
        expires_at ${types.bigint}
      )`,
    ],
  },
];
