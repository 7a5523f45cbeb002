import { auditMigrations } from "@tributary/audit";
import { type Database, type Migration, migrate } from "@tributary/database";
import { eventsMigrations } from "@tributary/events";
import { feedMigrations } from "@tributary/feed";
import { fhirMigrations } from "@tributary/fhir";
import { syncMigrations } from "@tributary/sync";
import { runtimeMigrations } from "./runtime-migrations.ts";

/** The one timeline of a node's schema: every package's steps, those that others build on first. */
export const nodeTimeline: readonly Migration[] = [
  ...runtimeMigrations,
  ...eventsMigrations,
  ...auditMigrations,
  ...fhirMigrations,
  ...feedMigrations,
  ...syncMigrations,
];

/** Brings a database to the schema of this version; returns the ids of the steps it did. Safe to run at every start. */
export function migrateNode(database: Database): Promise<string[]> {
  return migrate(database, nodeTimeline);
}
