import { sql, type Transaction } from "@tributary/database";
import { lockPushMarker } from "./push-marker.ts";
import type { QueuedUnit } from "./queued-unit.ts";

const markSent = sql({
  sqlite: `update push_units set is_sent = 1
           where parent = $1 and is_sent = 0 and counter in (select value from json_each($2))`,
  postgres: `update push_units set is_sent = 1
             where parent = $1 and is_sent = 0
               and counter in (select value::bigint from json_array_elements_text($2::json) k (value))`,
});
const findThere = sql({
  sqlite: `select operation_id from push_units
           where parent = $1 and operation_id in (select value from json_each($2))`,
  postgres: `select operation_id from push_units
             where parent = $1 and operation_id in (select value from json_array_elements_text($2::json) k (value))`,
});

/**
 * Fixes what some units contain; done before they are first sent. Tells whether they are still there: another process may
 * have gathered them anew meanwhile, under other names.
 */
export async function fixUnits(tx: Transaction, parent: string, units: readonly QueuedUnit[]): Promise<boolean> {
  if ((await lockUnits(tx, parent, units)).size !== units.length) return false;
  await tx.run(markSent, [parent, JSON.stringify(units.map(({ counter }) => counter))]);
  return true;
}

/** Of some units those, by name, that are still there, and that no other program settles before this transaction ends. */
export async function lockUnits(
  tx: Transaction,
  parent: string,
  units: readonly QueuedUnit[],
): Promise<ReadonlySet<string>> {
  await lockPushMarker(tx, parent);
  const names = JSON.stringify(units.map(({ operationId }) => operationId));
  const rows = await tx.all<{ operation_id: string }>(findThere, [parent, names]);
  return new Set(rows.map(({ operation_id }) => operation_id));
}
