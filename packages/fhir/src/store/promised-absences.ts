import { OvertakenError, type Transaction } from "@tributary/database";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import type { LockedRecord } from "./locked-records.ts";

const promised = new WeakMap<Transaction, Set<string>>();

/**
 * Remembers that a transaction was told that these records do not exist. What does not exist cannot be locked, so on
 * PostgreSQL another transaction can create it before this one does; SQLite has a single writer.
 */
export function rememberAbsences(tx: Transaction, absent: readonly ResourceKey[]): void {
  if (tx.dialect === "sqlite" || absent.length === 0) return;
  const names = promised.get(tx) ?? new Set();
  for (const key of absent) names.add(referenceTo(key));
  promised.set(tx, names);
}

/**
 * Called with the locked records that a transaction is about to write: throws `OvertakenError`, which begins it again,
 * when one of them has been created since it was told that there is none.
 */
export function requireAbsences(tx: Transaction, locked: ReadonlyMap<string, LockedRecord>): void {
  const names = promised.get(tx);
  if (!names) return;
  for (const [name, { version }] of locked) {
    if (version > 0 && names.has(name)) throw new OvertakenError(`${name} was created by another transaction.`);
    // From here on it is this transaction's own.
    names.delete(name);
  }
}
