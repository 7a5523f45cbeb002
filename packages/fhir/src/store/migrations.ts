import type { Migration } from "@tributary/database";

/** The tables of records and of their versions. */
export const storeMigrations: readonly Migration[] = [
  {
    id: "fhir/1-resources",
    statements: (types) => [
      // One row a record, deleted ones included: it is what a writer locks, and what a search starts from.
      `create table resource (
        resource_key ${types.identity},
        type text ${types.bytewise} not null,
        id text ${types.bytewise} not null,
        version ${types.bigint} not null,
        last_updated ${types.bigint} not null,
        is_deleted integer not null check (is_deleted in (0, 1)),
        patient text ${types.bytewise},
        unique (type, id)
      )`,
      // Every version ever current, the current one included, is written once and never changed. Bodies are ordinary
      // columns of an ordinary rowid table: a clustered key would double the cost of a row of this size on SQLite.
      `create table resource_version (
        version_key ${types.identity},
        resource_key ${types.bigint} not null,
        type text ${types.bytewise} not null,
        version ${types.bigint} not null check (version > 0),
        last_updated ${types.bigint} not null,
        operation text not null check (operation in ('create', 'update', 'delete')),
        body text,
        body_hash text,
        origin_node text not null,
        origin_version ${types.bigint},
        origin_operation text,
        author text,
        check ((operation = 'delete') = (body is null)),
        unique (resource_key, version)
      )`,
      // History of a type and of the whole node, newest first; a page of it is a key range, and `_since` its end.
      "create index resource_version_by_type on resource_version (type, last_updated, version_key)",
      "create index resource_version_by_time on resource_version (last_updated, version_key)",
    ],
  },
  {
    id: "fhir/2-compartments",
    statements: () => [
      // A patient's records by type and id, so that a page of them is a key range.
      "create index resource_by_patient on resource (patient, type, id) where patient is not null",
    ],
  },
];
