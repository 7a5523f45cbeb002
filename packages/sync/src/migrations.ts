import type { Migration } from "@tributary/database";
import { auditTrailMigrations } from "./audit-trail/migrations.ts";
import { bootstrapMigrations } from "./bootstrap/migrations.ts";
import { bulkMigrations } from "./bulk/migrations.ts";
import { carryMigrations } from "./carry/migrations.ts";
import { catchmentMigrations } from "./catchment/catchment-migrations.ts";
import { conflictMigrations } from "./conflict/conflict-migrations.ts";
import { controlMigrations } from "./control/control-migrations.ts";
import { pushMigrations } from "./push/migrations.ts";
import { restoreMigrations } from "./restore/migrations.ts";
import { tierMigrations } from "./tiers/migrations.ts";
import { verifyMigrations } from "./verify/migrations.ts";

/** The tables of the sync engine: at a parent its children, at a child its link, markers, bases and failures. */
export const syncMigrations: readonly Migration[] = [
  {
    id: "sync/1-links",
    statements: (types, dialect) => [
      `create table enrolment_codes (
        code_hash text primary key,
        node text not null,
        issued_at ${types.bigint} not null,
        expires_at ${types.bigint} not null,
        used_at ${types.bigint},
        used_key text
      )`,
      `create table child_nodes (
        node text primary key,
        public_key text not null,
        enrolled_at ${types.bigint} not null,
        revoked_at ${types.bigint},
        last_seen_at ${types.bigint},
        marker_epoch text,
        marker_position ${types.bigint}
      )`,
      `create table pending_enrolments (
        attempt text primary key,
        node_key text not null
      )`,
      `create table parent_links (
        parent text primary key,
        url text not null,
        stream text not null,
        private_key text not null,
        clock_offset_ms ${types.bigint} not null default 0,
        enrolled_at ${types.bigint} not null,
        last_pull_at ${types.bigint},
        last_outcome text,
        last_error text
      )`,
      `create table stream_markers (
        parent text not null,
        stream text not null,
        epoch text not null,
        position ${types.bigint} not null check (position >= 0),
        entry_digest text,
        head ${types.bigint} not null default 0,
        moved_at ${types.bigint} not null,
        primary key (parent, stream)
      )`,
      // The last version of each record that both ends of a link are known to have had alike.
      `create table link_bases (
        link text not null,
        type text not null,
        id text not null,
        local_version ${types.bigint} not null,
        remote_version ${types.bigint} not null,
        primary key (link, type, id)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
      `create table failed_pulls (
        link text not null,
        type text not null,
        id text not null,
        remote_version ${types.bigint} not null,
        reason text not null,
        attempts integer not null check (attempts >= 0),
        first_failed_at ${types.bigint} not null,
        last_failed_at ${types.bigint} not null,
        next_attempt_at ${types.bigint} not null,
        primary key (link, type, id)
      )`,
    ],
  },
  {
    id: "sync/2-push",
    statements: (types) => [
      // Set when the two versions of a base are in step without having the same content: a merge came between them.
      "alter table link_bases add column differs integer not null default 0",
      `create table push_markers (
        parent text primary key,
        position ${types.bigint} not null check (position >= 0),
        next_counter ${types.bigint} not null check (next_counter > 0),
        incarnation text not null
      )`,
      `create table push_units (
        parent text not null,
        counter ${types.bigint} not null,
        operation_id text not null unique,
        changes text not null,
        is_sent integer not null,
        rejected_reason text,
        primary key (parent, counter)
      )`,
      `create table push_verdicts (
        operation_id text primary key,
        node text not null,
        verdict text not null,
        given_at ${types.bigint} not null
      )`,
      `create table conflicts (
        conflict_id text primary key,
        type text not null,
        id text not null,
        version ${types.bigint} not null,
        element text not null,
        their_node text not null,
        operation_id text not null,
        state text not null check (state in ('open', 'resolved', 'settled')),
        opened_at ${types.bigint} not null
      )`,
      "create index conflicts_record on conflicts (type, id)",
      "create index conflicts_open on conflicts (opened_at) where state = 'open'",
    ],
  },
  {
    id: "sync/3-resolutions",
    statements: (types) => [
      `alter table conflicts add column resolved_at ${types.bigint}`,
      "alter table conflicts add column resolved_by text",
      "alter table conflicts add column resolution_reason text",
      `alter table conflicts add column resolution_choice text
        check (resolution_choice in ('parent', 'child', 'current', 'value'))`,
      `alter table conflicts add column resolved_version ${types.bigint}`,
    ],
  },
  {
    id: "sync/4-failures",
    statements: (types) => [
      // How often and since when the parent has refused a unit, and the counter under which it was first refused.
      "alter table push_units add column attempts integer not null default 0",
      `alter table push_units add column first_refused_at ${types.bigint}`,
      `alter table push_units add column last_refused_at ${types.bigint}`,
      `alter table push_units add column first_counter ${types.bigint}`,
      // For the list of what was refused, by its name, while many others wait.
      `create index push_units_refused on push_units (parent, (coalesce(first_counter, counter)))
       where rejected_reason is not null`,
    ],
  },
  ...pushMigrations,
  ...conflictMigrations,
  ...controlMigrations,
  ...tierMigrations,
  ...catchmentMigrations,
  ...bootstrapMigrations,
  ...verifyMigrations,
  ...restoreMigrations,
  ...auditTrailMigrations,
  ...carryMigrations,
  ...bulkMigrations,
];
