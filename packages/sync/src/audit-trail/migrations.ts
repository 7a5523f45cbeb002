import type { Migration } from "@tributary/database";

/** Where a node stands in telling its parent the audit trail. */
export const auditTrailMigrations: readonly Migration[] = [
  {
    id: "sync/7-audit-trail",
    statements: (types) => [
      // The chain that is being told, where it begins, and how far the parent has it; no name before its first entry.
      `create table audit_markers (
        parent text primary key,
        chain text,
        begins_after ${types.bigint} not null,
        hash_before text not null,
        position ${types.bigint} not null,
        chain_hash text not null,
        check (position >= begins_after)
      )`,
      // The same for each chain that is passed on; a chain that the parent refused is left alone until it grows.
      `create table audit_relay_markers (
        parent text not null,
        node text not null,
        chain text not null,
        position ${types.bigint} not null,
        refused_at_head ${types.bigint},
        primary key (parent, node, chain)
      )`,
    ],
  },
];
