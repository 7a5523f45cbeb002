import { bulkInsert, sql, type Transaction } from "@tributary/database";
import { addIndexRows, noIndexRows } from "./index-rows.ts";

/** A resource as it now is, for the index. */
export interface SearchIndexEntry {
  readonly resourceKey: number;
  readonly type: string;
  /** The parsed resource; `undefined` when it is deleted. */
  readonly resource: object | undefined;
  /** Whether the index cannot have anything about it yet. */
  readonly isNew: boolean;
}

/**
 * Makes the index agree with these resources, in the transaction that writes them. At most ten statements, however many
 * resources; doing it again changes nothing. A resource may stand in the list once only.
 */
export async function writeSearchIndex(tx: Transaction, entries: readonly SearchIndexEntry[]): Promise<void> {
  const replaced = entries.filter(({ isNew }) => !isNew);
  if (replaced.length > 0) await removeRows(tx, replaced);
  const rows = noIndexRows();
  for (const { resourceKey, type, resource } of entries) {
    if (resource !== undefined) addIndexRows(rows, resourceKey, type, resource);
  }
  await insertTokens(tx, rows.tokens);
  await insertStrings(tx, rows.strings);
  await insertReferences(tx, rows.references);
  await insertDates(tx, rows.dates);
  await insertQuantities(tx, rows.quantities);
}

const place = { resource_key: "bigint", path: "integer", position: "integer" } as const;
const insertTokens = bulkInsert("search_token", { ...place, system: "bigint", code: "text" });
const insertStrings = bulkInsert("search_string", { ...place, folded: "text", exact: "bigint" });
const insertReferences = bulkInsert("search_reference", { ...place, target_type: "text", target_id: "text" });
const insertDates = bulkInsert("search_date", { ...place, low: "bigint", high: "bigint" });
const insertQuantities = bulkInsert("search_quantity", {
  ...place,
  low: "double precision",
  high: "double precision",
  system: "bigint",
  code: "text",
  unit: "text",
});

const removals = ["search_token", "search_string", "search_reference", "search_date", "search_quantity"].map((table) =>
  sql({
    sqlite: `delete from ${table} where resource_key in (select value from json_each($1))`,
    postgres: `delete from ${table} where resource_key in (select value::bigint from json_array_elements_text($1::json))`,
  }),
);

async function removeRows(tx: Transaction, entries: readonly SearchIndexEntry[]): Promise<void> {
  const keys = JSON.stringify(entries.map(({ resourceKey }) => resourceKey));
  for (const removal of removals) await tx.run(removal, [keys]);
}
