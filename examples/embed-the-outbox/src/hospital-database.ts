import type { Transaction } from "@tributary/database";

/** A value in this application's own statements. */
export type Value = string | number | null;

/** One change of this application, inside a transaction that the application has opened itself. */
export interface Change {
  /** The same transaction as the event bus and the outbox know it. */
  readonly tx: Transaction;
  /** Runs one of the application's own statements on its own connection; parameters are `$1`, `$2` … */
  execute(statement: string, parameters?: readonly Value[]): Promise<readonly Record<string, Value>[]>;
}

/** The application's own database: it opens, commits and rolls back; nobody does it on its behalf. */
export interface HospitalDatabase extends AsyncDisposable {
  change<Result>(work: (change: Change) => Promise<Result>): Promise<Result>;
}

/** The application's own tables; the tables of the outbox stand beside them. */
export const hospitalTables = [
  "create table if not exists appointments (id text primary key, patient text not null, starts_at text not null)",
  "create table if not exists bed_assignments (id text primary key, patient text not null, ward text not null, bed integer not null)",
];
