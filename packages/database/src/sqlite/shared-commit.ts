import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, newUuid, type Random, TributaryError } from "@tributary/kernel";
import { asDatabaseError, isSqliteBusy } from "../errors.ts";
import type { Transaction } from "../transaction.ts";
import { type HookErrorReporter, TransactionHooks } from "../transaction-hooks.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";

/** At most so many transactions share one commit, so that the first never waits long for the last. */
const sharedCommitMax = 64;
/** No new transaction joins a commit that has been open so long. */
const sharedCommitMs = 5;
/** So many turns of the event loop without a newcomer, and the commit is begun; a turn is some ten microseconds. */
const quietTurnsMax = 3;
/** How long a transaction waits for the write lock before it is refused. */
const writeLockWaitMs = 30_000;
const writeLockRetryMs = 10;

interface Waiting {
  readonly work: (tx: Transaction) => Promise<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Finished extends Waiting {
  readonly result: unknown;
  readonly hooks: TransactionHooks;
}

/**
 * SQLite's one writer: takes transactions in the order in which they arrive and lets those that wait together share one
 * durable commit, since the commit's `fsync` costs more than their work.
 *
 * Each runs in a savepoint of its own, so a failing one undoes itself alone; all are answered only after the commit.
 */
export class SharedCommit {
  readonly #connection: SqliteConnection;
  readonly #where: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #report: HookErrorReporter;
  readonly #hooksRunning = new Set<Promise<void>>();
  #waiting: Waiting[] = [];
  /** What made SQLite give up all of the group at hand, such as a full disk. */
  #endedBy: unknown;
  #draining: Promise<void> | undefined;

  constructor(connection: SqliteConnection, where: string, clock: Clock, random: Random, report: HookErrorReporter) {
    this.#connection = connection;
    this.#where = where;
    this.#clock = clock;
    this.#random = random;
    this.#report = report;
  }

  run<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits, runs, or is left to be told. */
  async idle(): Promise<void> {
    while (this.#draining || this.#hooksRunning.size > 0) {
      await this.#draining;
      await Promise.all(this.#hooksRunning);
    }
  }

  async #drain(): Promise<void> {
    await this.#gather();
    while (this.#waiting.length > 0) {
      await this.#runGroup();
      await this.#gather();
    }
    this.#draining = undefined;
  }

  /** Lets requests that are already on their way join: turns of the event loop, as long as they bring any. */
  async #gather(): Promise<void> {
    for (let quietTurns = 0; quietTurns < quietTurnsMax && this.#waiting.length < sharedCommitMax; ) {
      const before = this.#waiting.length;
      await nextTurn();
      quietTurns = this.#waiting.length > before ? 0 : quietTurns + 1;
    }
  }

  async #runGroup(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      for (const one of this.#waiting.splice(0)) one.reject(error);
      return;
    }
    const finished: Finished[] = [];
    const opened = this.#clock.now();
    let taken = 0;
    while (taken < sharedCommitMax && this.#connection.isInTransaction) {
      const next = this.#waiting.shift();
      if (!next) break;
      taken += 1;
      const done = await this.#runOne(next);
      if (done) finished.push(done);
      if (Math.abs(this.#clock.now() - opened) > sharedCommitMs) break;
    }
    this.#commit(finished);
  }

  async #begin(): Promise<void> {
    const waitingSince = this.#clock.now();
    for (;;) {
      try {
        this.#connection.control("begin immediate");
        return;
      } catch (error) {
        if (!isSqliteBusy(error)) throw asDatabaseError(error, this.#where);
        if (this.#clock.now() - waitingSince > writeLockWaitMs) {
          throw new TributaryError("DATABASE_BUSY", `Another process keeps ${this.#where} locked for writing.`, {
            cause: error,
            retryable: true,
          });
        }
        await this.#clock.sleep(writeLockRetryMs);
      }
    }
  }

  async #runOne(one: Waiting): Promise<Finished | undefined> {
    const hooks = new TransactionHooks(this.#report);
    const tx = new SqliteTransaction(this.#connection, newUuid(this.#clock, this.#random), hooks);
    try {
      this.#connection.control("savepoint one");
      const result = await one.work(tx);
      await hooks.runBeforeCommit();
      this.#connection.control("release one");
      return { ...one, result, hooks };
    } catch (error) {
      if (this.#connection.isInTransaction) this.#connection.undo("one");
      else this.#endedBy = error;
      this.#keep(hooks.rolledBack());
      one.reject(asDatabaseError(error, this.#where));
      return undefined;
    }
  }

  #commit(finished: readonly Finished[]): void {
    try {
      if (!this.#connection.isInTransaction) throw this.#endedBy;
      this.#connection.control("commit");
    } catch (error) {
      if (this.#connection.isInTransaction) this.#connection.control("rollback");
      for (const one of finished) {
        this.#keep(one.hooks.rolledBack());
        one.reject(asDatabaseError(error, this.#where));
      }
      return;
    }
    for (const one of finished) {
      this.#keep(one.hooks.committed());
      one.resolve(one.result);
    }
  }

  #keep(running: Promise<void>): void {
    this.#hooksRunning.add(running);
    void running.finally(() => this.#hooksRunning.delete(running));
  }
}
