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
  {
    id: "audit/2-foreign-entries",
    statements: (types) => [
      // Lists are asked for by who, kind, ending and time; ordered as they are shown, so that a page is one range of keys.
      "create index audit_entries_actor on audit_entries (actor, entry_id)",
      "create index audit_entries_operation on audit_entries (operation, entry_id)",
      "create index audit_entries_at on audit_entries (at, entry_id)",
      "create index audit_entries_outcome on audit_entries (outcome, entry_id)",
      // A chain that another node told: where it began, how far it is here, and over which link it came.
      `create table foreign_audit_chains (
        node text not null,
        chain text not null,
        via text not null,
        begins_after ${types.bigint} not null check (begins_after >= 0),
        hash_before text not null,
        position ${types.bigint} not null,
        chain_hash text not null,
        last_told_at ${types.bigint} not null,
        first_entry_id ${types.bigint} not null,
        broken_at ${types.bigint},
        broken_position ${types.bigint},
        primary key (node, chain),
        check (position > begins_after)
      )`,
      "create index foreign_audit_chains_via on foreign_audit_chains (via)",
      // Its own table, so that nothing that another node says touches this node's chain.
      `create table foreign_audit_entries (
        node text not null,
        chain text not null,
        position ${types.bigint} not null check (position > 0),
        chain_hash text not null,
        entry_id ${types.bigint} not null unique,
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
        primary key (node, chain, position)
      )`,
      "create index foreign_audit_entries_node on foreign_audit_entries (node, entry_id)",
      "create index foreign_audit_entries_reference on foreign_audit_entries (reference, entry_id)",
      "create index foreign_audit_entries_actor on foreign_audit_entries (actor, entry_id)",
      "create index foreign_audit_entries_operation on foreign_audit_entries (operation, entry_id)",
      "create index foreign_audit_entries_at on foreign_audit_entries (at, entry_id)",
      "create index foreign_audit_entries_outcome on foreign_audit_entries (outcome, entry_id)",
      // An entry is asked for by its place and its hash, whatever its node.
      "create index foreign_audit_entries_position on foreign_audit_entries (position)",
    ],
  },
];
