import type { DatabaseSync } from "node:sqlite";
import { type Clock, newUuid, type Random, systemClock, systemRandom } from "@tributary/kernel";
import type { ClientBase } from "pg";
import { PostgresConnection } from "./postgres/postgres-connection.ts";
import { PostgresTransaction } from "./postgres/postgres-transaction.ts";
import { SqliteConnection } from "./sqlite/sqlite-connection.ts";
import { SqliteTransaction } from "./sqlite/sqlite-transaction.ts";
import type { Transaction } from "./transaction.ts";
import { type HookErrorReporter, TransactionHooks } from "./transaction-hooks.ts";

/** A transaction that an application opened itself, with the three moments at which it must say so. */
export interface AdoptedTransaction {
  readonly tx: Transaction;
  /** Call it as the last thing before your `commit`; when it throws, roll back. */
  beforeCommit(): Promise<void>;
  /** Call it when your `commit` has returned. */
  committed(): Promise<void>;
  /** Call it when your `rollback` has returned. */
  rolledBack(): Promise<void>;
}

/** What an adopted transaction needs beside the connection. */
export interface AdoptOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly onHookError?: HookErrorReporter;
}

/** Lets an application's own open `node:sqlite` transaction carry events; begin it with `begin immediate`. */
export function adoptSqliteTransaction(handle: DatabaseSync, options: AdoptOptions = {}): AdoptedTransaction {
  const { hooks, id } = newEnds(options);
  return endsOf(new SqliteTransaction(new SqliteConnection(handle), id, hooks), hooks);
}

/** Lets an application's own open `pg` transaction (READ COMMITTED) carry events. */
export function adoptPostgresTransaction(client: ClientBase, options: AdoptOptions = {}): AdoptedTransaction {
  const { hooks, id } = newEnds(options);
  return endsOf(new PostgresTransaction(new PostgresConnection(client), id, hooks), hooks);
}

function newEnds({ clock = systemClock, random = systemRandom, onHookError = () => {} }: AdoptOptions) {
  return { hooks: new TransactionHooks(onHookError), id: newUuid(clock, random) };
}

function endsOf(tx: Transaction, hooks: TransactionHooks): AdoptedTransaction {
  return {
    tx,
    beforeCommit: () => hooks.runBeforeCommit(),
    committed: () => hooks.committed(),
    rolledBack: () => hooks.rolledBack(),
  };
}
