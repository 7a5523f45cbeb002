import type { Uuid } from "@tributary/kernel";
import type { Reader } from "./reader.ts";
import type { Sql, SqlValue } from "./sql.ts";

/** Only the two databases make transactions; this key keeps a look-alike out. */
export const insideTransaction: unique symbol = Symbol("inside a transaction");

/**
 * Proof that a transaction is open. A function that must share its caller's transaction takes one as its first
 * parameter; a function that opens its own takes a `Database`.
 */
export interface Transaction extends Reader {
  readonly [insideTransaction]: true;
  /** Names this transaction, so that what it wrote can be grouped again by readers. */
  readonly id: Uuid;
  /** Runs a fixed statement and tells how many rows it changed. */
  run(statement: Sql, parameters?: readonly SqlValue[]): Promise<number>;
  /**
   * Does part of the work so that it can fail alone: when `work` throws, what it wrote and the hooks it set are undone,
   * its `afterRollback` hooks run, and the error is thrown on; the outer transaction can go on.
   */
  savepoint<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Runs `hook` inside the transaction, after the work and just before the commit; a throw rolls everything back. */
  beforeCommit(hook: () => Promise<void> | void): void;
  /** Runs `hook` once the commit is durable. Its error is reported and changes nothing. */
  afterCommit(hook: () => Promise<void> | void): void;
  /** Runs `hook` once it is certain that the work has been undone. Its error is reported and changes nothing. */
  afterRollback(hook: () => Promise<void> | void): void;
}
