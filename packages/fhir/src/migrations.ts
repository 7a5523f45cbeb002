import type { Migration } from "@tributary/database";
import { searchMigrations } from "./search/index/migrations.ts";
import { storeMigrations } from "./store/migrations.ts";

/** The tables of records, their versions and their search index. */
export const fhirMigrations: readonly Migration[] = [...storeMigrations, ...searchMigrations];
