import type { Database } from "@tributary/database";
import { TributaryError } from "@tributary/kernel";

/** The node's process has died; whatever still runs in it must come to nothing. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** Where in a commit a process dies: before it, so that nothing of it is durable, or after it, when nobody knows yet. */
export type CrashMoment = "before-commit" | "after-commit";

/**
 * The disk under one run of a node's process. It lets the process die at a commit that was named beforehand, and refuses
 * to serve a dead one; it can also be full.
 */
export class SimDisk {
  commits = 0;
  isFull = false;
  #isDead = false;
  #crash: { readonly atCommit: number; readonly moment: CrashMoment } | undefined;
  readonly #onCrash: (moment: CrashMoment) => void;

  constructor(onCrash: (moment: CrashMoment) => void) {
    this.#onCrash = onCrash;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Lets the process die at the `after`-th commit from now. */
  crashAfter(after: number, moment: CrashMoment): void {
    this.#crash = { atCommit: this.commits + after, moment };
  }

  kill(): void {
    this.#isDead = true;
  }

  guard(database: Database): Database {
    const requireLife = () => {
      if (this.#isDead) throw new Crash("The process is dead.");
    };
    const commit: Database["transaction"] = async (work) => {
      requireLife();
      this.commits += 1;
      if (this.isFull) throw new TributaryError("DATABASE_FULL", "The simulated disk is full.", { retryable: true });
      const crash = this.#crash?.atCommit === this.commits ? this.#crash : undefined;
      const result = await database.transaction(async (tx) => {
        const done = await work(tx);
        requireLife();
        if (crash?.moment === "before-commit") this.#die(crash.moment);
        return done;
      });
      if (crash) this.#die(crash.moment);
      requireLife();
      return result;
    };
    return {
      dialect: database.dialect,
      transaction: commit,
      all: async (...asked) => {
        requireLife();
        return database.all(...asked);
      },
      first: async (...asked) => {
        requireLife();
        return database.first(...asked);
      },
      query: async (asked) => {
        requireLife();
        return database.query(asked);
      },
      snapshot: async (work) => {
        requireLife();
        return database.snapshot(work);
      },
      scrub: async () => {
        requireLife();
        return database.scrub();
      },
      close: () => database.close(),
      [Symbol.asyncDispose]: () => database.close(),
    };
  }

  #die(moment: CrashMoment): never {
    this.#isDead = true;
    this.#onCrash(moment);
    throw new Crash(`The process died ${moment}.`);
  }
}
