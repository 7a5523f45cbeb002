import type { ColumnTypes, Migration } from "@tributary/database";

/**
 * The tables of the search index. Each lies in the order of `resource_key`, so that new rows are appended, the rows of a
 * replaced resource go in one stretch, and a resource's value is found for sorting; one index per table serves lookups
 * and ends in `resource_key`, so that it answers alone. They come after the store's tables.
 */
export const searchMigrations: readonly Migration[] = [
  {
    id: "fhir-search/1-index",
    statements: (types, dialect) => {
      const clustered = dialect === "sqlite" ? "without rowid" : "";
      const text = `text ${types.bytewise} not null`;
      return [
        indexTable("search_token", types, clustered, [`system ${types.bigint} not null`, `code ${text}`]),
        "create index search_token_by_code on search_token (path, code, system, resource_key)",
        indexTable("search_string", types, clustered, [`folded ${text}`, `exact ${types.bigint} not null`]),
        "create index search_string_by_text on search_string (path, folded, resource_key)",
        indexTable("search_reference", types, clustered, [`target_type ${text}`, `target_id ${text}`]),
        "create index search_reference_by_target on search_reference (path, target_id, target_type, resource_key)",
        indexTable("search_date", types, clustered, [`low ${types.bigint} not null`, `high ${types.bigint} not null`]),
        // `lt`, `le` and `eb` look from one end, `gt`, `ge` and `sa` from the other.
        "create index search_date_by_low on search_date (path, low, high, resource_key)",
        "create index search_date_by_high on search_date (path, high, low, resource_key)",
        indexTable("search_quantity", types, clustered, [
          `low ${types.real} not null`,
          `high ${types.real} not null`,
          `system ${types.bigint} not null`,
          `code ${text}`,
          "unit text",
        ]),
        "create index search_quantity_by_low on search_quantity (path, low, high, resource_key)",
        "create index search_quantity_by_high on search_quantity (path, high, low, resource_key)",
        // A search without conditions reads a type in the order of its keys.
        "create index resource_by_type_and_key on resource (type, resource_key)",
        "create index resource_by_last_updated on resource (type, last_updated, resource_key)",
      ];
    },
  },
];

function indexTable(name: string, types: ColumnTypes, clustered: string, columns: readonly string[]): string {
  return `create table ${name} (
    resource_key ${types.bigint} not null,
    path integer not null,
    position integer not null,
    ${columns.join(",\n    ")},
    primary key (resource_key, path, position)
  ) ${clustered}`;
}
