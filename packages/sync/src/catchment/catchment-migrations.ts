import type { Migration } from "@tributary/database";

/** The tables of catchments: at a parent the rules, who is in them and who reads them; at a child what comes and goes. */
export const catchmentMigrations: readonly Migration[] = [
  {
    id: "sync/10-catchments",
    statements: ({ bigint, bytewise }, dialect) => {
      const clustered = dialect === "sqlite" ? "without rowid" : "";
      return [
        "alter table enrolment_codes add column catchment text",
        // Read by every transaction that writes records: a change of rules, or of places, is known to all processes at once.
        `create table catchment_state (
          one integer primary key check (one = 1),
          generation ${bigint} not null default 0,
          places ${bigint} not null default 0,
          metadata_types text
        )`,
        "insert into catchment_state (one) values (1)",
        `create table catchments (
          name text primary key,
          version ${bigint} not null check (version > 0),
          rule text not null
        )`,
        // Every rule that was ever in force stays, with who made it so and why.
        `create table catchment_rules (
          name text not null,
          version ${bigint} not null,
          rule text not null,
          set_at ${bigint} not null,
          set_by text not null,
          reason text,
          primary key (name, version)
        )`,
        `create table catchment_members (
          catchment text ${bytewise} not null,
          patient text ${bytewise} not null,
          state text not null check (state in ('member', 'suspended', 'left')),
          since ${bigint} not null,
          reason text not null,
          primary key (catchment, patient)
        ) ${clustered}`,
        "create index catchment_members_patient on catchment_members (patient)",
        // A pass over all patients after a rule or the places changed; it goes on where it was broken off.
        `create table catchment_passes (
          catchment text primary key,
          patients_after text not null,
          done ${bigint} not null,
          total ${bigint} not null,
          wait_for text,
          begun_at ${bigint} not null,
          ended_at ${bigint}
        )`,
        `create table child_catchments (
          node text primary key,
          catchment text not null,
          assigned_at ${bigint} not null,
          assigned_by text not null,
          from_epoch text not null,
          from_position ${bigint} not null
        )`,
        // What a child once had: edits of those patients are still taken from it.
        `create table former_child_catchments (
          node text not null,
          catchment text not null,
          until ${bigint} not null,
          primary key (node, catchment)
        )`,
        // Children of before there were catchments go on with everything, until an operator says otherwise.
        `insert into child_catchments (node, catchment, assigned_at, assigned_by, from_epoch, from_position)
         select node, 'everything', enrolled_at, 'upgrade', '', 0 from child_nodes`,
        `create table guest_grants (
          node text not null,
          patient text ${bytewise} not null,
          purpose text not null,
          granted_at ${bigint} not null,
          granted_until ${bigint} not null,
          primary key (node, patient)
        )`,
        `create table compartment_fetches (
          parent text not null,
          patient text ${bytewise} not null,
          place text,
          asked_at ${bigint} not null,
          primary key (parent, patient)
        )`,
        `create table departed_patients (
          patient text ${bytewise} primary key not null,
          departed_at ${bigint} not null,
          purge_at ${bigint},
          state text not null check (state in ('leaving', 'read-only', 'gone'))
        )`,
        `create table guest_patients (
          patient text ${bytewise} primary key not null,
          purpose text not null,
          fetched_at ${bigint} not null,
          kept_until ${bigint} not null
        )`,
      ];
    },
  },
  {
    id: "sync/17-catchment-sizes",
    statements: () => [
      // How many are in each catchment is counted for every list of them: from short keys in order, not from the rows.
      "create index catchment_members_state on catchment_members (catchment, state)",
    ],
  },
  {
    id: "sync/19-gathered-records",
    statements: ({ bytewise }) => [
      // What has come of a compartment before its end; without its text what has changed since.
      `create table gathered_records (
        parent text not null,
        patient text ${bytewise} not null,
        type text not null,
        id text ${bytewise} not null,
        record text,
        primary key (parent, patient, type, id)
      )`,
    ],
  },
  {
    id: "sync/23-members-by-time",
    statements: () => [
      // The list of a catchment's patients by when they came to stand so, page by page, however many there are.
      "create index catchment_members_since on catchment_members (catchment, since, patient, state)",
    ],
  },
];
