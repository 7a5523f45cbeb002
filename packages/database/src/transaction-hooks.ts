import { assert, TributaryError } from "@tributary/kernel";

type Hook = () => Promise<void> | void;

/** How a database makes a savepoint, makes it part of what encloses it, and takes it back. */
interface Savepoint {
  begin(): Promise<void> | void;
  release(): Promise<void> | void;
  undo(): Promise<void> | void;
}

/** Receives what an `afterCommit` or `afterRollback` hook threw, since nobody waits for it. */
export type HookErrorReporter = (error: unknown) => void;

/**
 * The hooks of one transaction or savepoint.
 *
 * States: open → before commit → ended (committed or rolled back). Hooks may be added while it is open and, by other
 * hooks, before the commit; afterwards it is an error, never silence.
 */
export class TransactionHooks {
  #before: Hook[] = [];
  #committed: Hook[] = [];
  #rolledBack: Hook[] = [];
  #ended = false;
  readonly #report: HookErrorReporter;

  constructor(report: HookErrorReporter) {
    this.#report = report;
  }

  readonly beforeCommit = (hook: Hook): void => {
    this.#refuseWhenEnded();
    this.#before.push(hook);
  };

  readonly afterCommit = (hook: Hook): void => {
    this.#refuseWhenEnded();
    this.#committed.push(hook);
  };

  readonly afterRollback = (hook: Hook): void => {
    this.#refuseWhenEnded();
    this.#rolledBack.push(hook);
  };

  /** Runs the hooks that belong inside the transaction, those that they add included. */
  async runBeforeCommit(): Promise<void> {
    for (let next = this.#before.shift(); next; next = this.#before.shift()) await next();
  }

  /**
   * Does work in a savepoint, with hooks of its own: they become this level's when it is released, since it ends when its
   * transaction does, and are at their end when it is undone, which it is when the work throws.
   */
  async inSavepoint<Result>(savepoint: Savepoint, work: (hooks: TransactionHooks) => Promise<Result>): Promise<Result> {
    const inner = new TransactionHooks(this.#report);
    await savepoint.begin();
    try {
      const result = await work(inner);
      await savepoint.release();
      this.#takeOver(inner);
      return result;
    } catch (error) {
      await savepoint.undo();
      await inner.rolledBack();
      throw error;
    }
  }

  /** Starts the `afterCommit` hooks in the order in which they were set; resolves when all have ended. */
  async committed(): Promise<void> {
    this.#end();
    await this.#settle(this.#committed);
  }

  /** Starts the `afterRollback` hooks in the order in which they were set; resolves when all have ended. */
  async rolledBack(): Promise<void> {
    this.#end();
    await this.#settle(this.#rolledBack);
  }

  async #settle(hooks: readonly Hook[]): Promise<void> {
    if (hooks.length === 0) return;
    const running: Promise<void>[] = [];
    for (const hook of hooks) {
      try {
        const ends = hook();
        if (ends) running.push(ends.catch((error: unknown) => this.#report(error)));
      } catch (error) {
        this.#report(error);
      }
    }
    await Promise.all(running);
  }

  #takeOver(inner: TransactionHooks): void {
    inner.#end();
    this.#before.push(...inner.#before);
    this.#committed.push(...inner.#committed);
    this.#rolledBack.push(...inner.#rolledBack);
  }

  #end(): void {
    assert(!this.#ended, "a transaction ends once");
    this.#ended = true;
  }

  #refuseWhenEnded(): void {
    if (this.#ended) {
      throw new TributaryError(
        "OUTSIDE_TRANSACTION",
        "The transaction has already ended; set hooks and publish events before its work returns.",
      );
    }
  }
}
