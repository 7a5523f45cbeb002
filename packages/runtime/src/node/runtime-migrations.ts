import type { Migration } from "@tributary/database";
import { alertMigrations } from "../alerts/alert-migrations.ts";
import { laterReportMigrations, reportMigrations } from "../network/child-reports.ts";
import { openIdMigrations } from "../openid/openid-migrations.ts";
import { settingsMigrations } from "../settings/settings-migrations.ts";
import { tokenMigrations } from "../tokens/token-migrations.ts";
import { watchMigrations } from "../traffic/traffic-migrations.ts";
import { userMigrations } from "../users/user-migrations.ts";

/** The tables of the assembled node itself: who it is, and who may call it. */
export const runtimeMigrations: readonly Migration[] = [
  {
    id: "runtime/1-node-and-tokens",
    statements: (types) => [
      // One row for ever: a database belongs to one node.
      `create table node_identity (
        only_row integer primary key check (only_row = 1),
        node_id text not null,
        created_at ${types.bigint} not null
      )`,
      `create table api_tokens (
        name text primary key,
        token_hash text not null unique,
        created_at ${types.bigint} not null,
        revoked_at ${types.bigint}
      )`,
    ],
  },
  ...userMigrations,
  ...watchMigrations,
  ...reportMigrations,
  ...tokenMigrations,
  ...openIdMigrations,
  ...alertMigrations,
  ...settingsMigrations,
  ...laterReportMigrations,
];
