import { type Database, sql } from "@tributary/database";
import type { Clock, Logger, Random } from "@tributary/kernel";
import { AddressGuard } from "./address-guard.ts";
import { hashOfNobody, isPassword } from "./password-hash.ts";
import { beginSession } from "./sessions.ts";
import { auditUser } from "./user-audit.ts";

/** Wrong passwords in a row after which a name is locked, for a minute at first and twice as long each time after. */
const failuresBeforeLock = 5;
const firstLockMs = 60_000;
const longestLockMs = 60 * 60_000;
/** Each takes 32 MB for a tenth of a second; more at once would let a stranger fill the memory. */
const checksAtOnceMax = 4;

/** How a sign-in ends; `refused` says neither whether there is such a name nor whether it is locked. */
export type SignInOutcome =
  | { readonly kind: "signed-in"; readonly token: string }
  | { readonly kind: "refused" }
  | { readonly kind: "too-many"; readonly waitMs: number };

export interface SignInOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

interface SecretRow {
  readonly password_hash: string;
  readonly failures: number;
  readonly locked_until: number | null;
}

const readSecret = sql("select password_hash, failures, locked_until from users where name = $1");
const countFailure = sql("update users set failures = failures + 1, locked_until = $2 where name = $1");
const forgetFailures = sql("update users set failures = 0, locked_until = null where name = $1 and password_hash = $2");

/** Lets users in by name and password, and keeps guessers out: by the name, and by the address that they come from. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #addresses: AddressGuard;
  #checking = 0;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#addresses = new AddressGuard(options.clock);
  }

  /** How long an address has to wait before anything is checked for it; 0 when it need not. */
  waitMs(address: string): number {
    return this.#addresses.waitMs(address);
  }

  /** Notes that an address got a secret wrong: a password, or the secret of the set-up link. */
  noteFailure(address: string): void {
    this.#addresses.note(address);
  }

  async signIn(name: string, password: string, address: string): Promise<SignInOutcome> {
    const waitMs = this.waitMs(address);
    if (waitMs > 0) return { kind: "too-many", waitMs };
    if (this.#checking >= checksAtOnceMax) return { kind: "too-many", waitMs: 1000 };
    this.#checking += 1;
    try {
      return await this.#check(name, password, address);
    } finally {
      this.#checking -= 1;
    }
  }

  async #check(name: string, password: string, address: string): Promise<SignInOutcome> {
    const { database, nodeId, clock, random } = this.#options;
    const row = await database.first<SecretRow>(readSecret, [name]);
    const isRight = await isPassword(password, row?.password_hash || hashOfNobody);
    const now = clock.now();
    const isLocked = (row?.locked_until ?? 0) > now;
    if (!row || !isRight || isLocked) {
      this.noteFailure(address);
      if (row && !isLocked) await this.#noteWrong(name, row.failures + 1, now);
      return { kind: "refused" };
    }
    const token = await database.transaction(async (tx) => {
      // The password may have been changed while it was checked.
      if ((await tx.run(forgetFailures, [name, row.password_hash])) === 0) return undefined;
      await auditUser(tx, { nodeId, author: name, now }, name, "signed-in");
      return beginSession(tx, name, { random, now });
    });
    return token === undefined ? { kind: "refused" } : { kind: "signed-in", token };
  }

  async #noteWrong(name: string, failures: number, now: number): Promise<void> {
    const { database, nodeId, logger } = this.#options;
    const locks = failures >= failuresBeforeLock;
    const lockMs = Math.min(firstLockMs * 2 ** Math.min(failures - failuresBeforeLock, 10), longestLockMs);
    await database.transaction(async (tx) => {
      await tx.run(countFailure, [name, locks ? now + lockMs : null]);
      await auditUser(tx, { nodeId, author: name, now }, name, locks ? "user-locked" : "sign-in-refused");
    });
    if (locks) logger.warn({ failures, lockMs }, "A user was locked after wrong passwords; the audit trail names it.");
  }
}
