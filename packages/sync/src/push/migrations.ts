import type { Migration } from "@tributary/database";

/** The tables of a push whose units may wait: at the parent for a record, at the child for their turn. */
export const pushMigrations: readonly Migration[] = [
  {
    id: "sync/5-waiting-units",
    statements: (types, dialect) => [
      // At a parent: units that refer to a record that is not there, as they were sent.
      `create table parked_units (
        operation_id text primary key,
        node text not null,
        counter ${types.bigint} not null,
        unit text not null,
        bytes ${types.bigint} not null,
        parked_at ${types.bigint} not null
      )`,
      "create index parked_units_node on parked_units (node)",
      // What each waits for; found by the record that has arrived.
      `create table parked_missing (
        type text not null,
        id text not null,
        operation_id text not null,
        primary key (type, id, operation_id)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
      "create index parked_missing_unit on parked_missing (operation_id)",
      // What each contains, so that a later unit of the same child with one of its records does not overtake it.
      `create table parked_records (
        node text not null,
        type text not null,
        id text not null,
        operation_id text not null,
        primary key (node, type, id, operation_id)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
      "create index parked_records_unit on parked_records (operation_id)",
      // At a child: what the parent said of a unit that it has parked, as a list of missing records.
      "alter table push_units add column parked_missing text",
      // When a parked unit is asked about, or one that was stepped over is sent, again; null for the next round.
      `alter table push_units add column next_attempt_at ${types.bigint}`,
      "alter table push_units add column failure_class text",
      // The versions of the two programs by which it was refused; others may see it differently.
      "alter table push_units add column judged_by text",
      // Set once somebody has discarded it: it is taken back from the parent and then forgotten.
      "alter table push_units add column is_discarded integer not null default 0",
      "update push_units set failure_class = 'invalid' where rejected_reason is not null",
      // For the list of what failed, by its name, while many others wait.
      `create index push_units_failed on push_units (parent, (coalesce(first_counter, counter)))
       where failure_class is not null`,
    ],
  },
  {
    id: "sync/14-unborn-records",
    statements: (_types, dialect) => [
      // At a parent: records that were deleted below before they were ever seen here; references to them do not wait.
      `create table unborn_records (
        type text not null,
        id text not null,
        primary key (type, id)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
    ],
  },
  {
    id: "sync/16-unborn-tellers",
    statements: () => [
      // Whose such records are: another child that refers to one waits, since that it was there is not its business.
      "alter table unborn_records add column node text not null default ''",
    ],
  },
  {
    id: "sync/25-parked-holders",
    // At a parent: which parked units hold what others wait for.
    statements: () => ["create index parked_records_name on parked_records (type, id)"],
  },
];
