import type { Reader } from "./reader.ts";
import type { Transaction } from "./transaction.ts";

/** One node's database: the only place where its state lives. Reads outside a transaction see committed data only. */
export interface Database extends Reader, AsyncDisposable {
  /**
   * Does `work` in one transaction: all of it becomes durable, or none. Resolves after the durable commit; `afterCommit`
   * hooks have been started by then, not awaited.
   *
   * After a deadlock or serialization failure `work` is run again, so it must act through `tx` and its hooks only. On
   * SQLite, transactions that wait at the same moment share one commit; each still succeeds or fails alone. Never open a
   * transaction inside another one's work: take `tx` and use `tx.savepoint`.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Reads with several statements from one unchanging state. It never waits for writers, nor they for it. */
  snapshot<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result>;
  /**
   * Rewrites the database's files, so that nothing is left in them of rows that have been deleted. It takes as long as
   * copying them; writers wait meanwhile on SQLite. Tells whether it came to its end: a reader that holds on to an old
   * state can stand in the way, and it is to be called again later.
   */
  scrub(): Promise<boolean>;
  /** Lets running work and hooks end, then lets go of the database. */
  close(): Promise<void>;
}
