import type { Migration } from "@tributary/database";

/** The tables of the audit trail: the entries, and the head of their chain. */
export const auditMigrations: readonly Migration[] = [
  {
    id: "audit/1-entries",
    statements: (types) => [
      `create table audit_entries (
        entry_id ${types.identity},
        node text not null,
        at ${types.bigint} not null,
        actor text not null,
        operation text not null,
        reference text,
        version_before ${types.bigint},
        version_after ${types.bigint},
        link text,
        operation_id text,
        outcome text not null,
        error text,
        position ${types.bigint},
        chain_hash text
      )`,
      // Each place is taken once; an entry without one costs this index nothing.
      "create unique index audit_entries_position on audit_entries (position) where position is not null",
      // Sealing looks for what has no place yet; there are seldom more than a handful of such rows.
      "create index audit_entries_unsealed on audit_entries (entry_id) where position is null",
      // The history of one record is asked for by its reference.
      "create index audit_entries_reference on audit_entries (reference, entry_id)",
      `create table audit_chain (
        only_row integer primary key check (only_row = 1),
        position ${types.bigint} not null,
        chain_hash text not null
      )`,
      `insert into audit_chain (only_row, position, chain_hash) values (1, 0, '${"0".repeat(64)}')`,
    ],
  },
];
