import type { Transaction } from "@tributary/database";
import { assert } from "@tributary/kernel";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { type LockedRecord, lockRecords } from "./locked-records.ts";
import { requireAbsences } from "./promised-absences.ts";
import { readCurrentOfMany } from "./read-versions.ts";
import type { StoredVersion } from "./stored-version.ts";

/** A record as it is when a change arrives: its lock, and its current version when it has one. */
export interface RecordState {
  readonly locked: LockedRecord | undefined;
  readonly current: StoredVersion | undefined;
}

/**
 * Locks the records that are to change and finds what is current, whatever their number in the same few statements.
 * They must all be different ones; those whose id is fresh are not looked for.
 */
export async function statesOf<One extends { readonly key: ResourceKey }>(
  tx: Transaction,
  named: readonly One[],
  isCreating: (one: One) => boolean,
): Promise<(key: ResourceKey) => RecordState> {
  const lookedUp = named.filter((one) => !isFresh(one));
  const keys = lookedUp.map(({ key }) => key);
  assert(new Set(keys.map(referenceTo)).size === keys.length, "no record is changed twice by one call");
  const toCreate = lookedUp.filter(isCreating).map(({ key }) => key);
  const locked = await lockRecords(tx, keys, toCreate);
  requireAbsences(tx, locked);
  const existing = keys.filter((key) => (locked.get(referenceTo(key))?.version ?? 0) > 0);
  const current = await readCurrentOfMany(tx, existing);
  return (key) => {
    const name = referenceTo(key);
    return { locked: locked.get(name), current: current.get(name) };
  };
}

function isFresh(one: object): boolean {
  return "expected" in one && one.expected === "fresh";
}
