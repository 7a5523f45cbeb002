import type { Migration } from "@tributary/database";

/** What conflicts need in order to stand at both ends of a link. */
export const conflictMigrations: readonly Migration[] = [
  {
    id: "sync/6-travelling-conflicts",
    statements: (types) => [
      // Made anew, since a conflict can be superseded now.
      "drop index conflicts_record",
      "drop index conflicts_open",
      `create table travelling_conflicts (
        conflict_id text primary key,
        type text not null,
        id text not null,
        version ${types.bigint} not null,
        element text not null,
        their_node text not null,
        operation_id text not null,
        state text not null check (state in ('open', 'resolved', 'superseded', 'settled')),
        opened_at ${types.bigint} not null,
        assignee text,
        resolved_at ${types.bigint},
        resolved_by text,
        resolved_node text,
        resolution_reason text,
        resolution_choice text check (resolution_choice in ('parent', 'child', 'current', 'value')),
        resolved_version ${types.bigint},
        superseded_by text,
        meeting_id text,
        link text,
        link_revision ${types.bigint},
        revision ${types.bigint} not null check (revision > 0)
      )`,
      `insert into travelling_conflicts
        (conflict_id, type, id, version, element, their_node, operation_id, state, opened_at, resolved_at, resolved_by,
         resolution_reason, resolution_choice, resolved_version, revision)
       select conflict_id, type, id, version, element, their_node, operation_id, state, opened_at, resolved_at,
         resolved_by, resolution_reason, resolution_choice, resolved_version, 1
       from conflicts`,
      "drop table conflicts",
      "alter table travelling_conflicts rename to conflicts",
      "create index conflicts_record on conflicts (type, id)",
      "create index conflicts_open on conflicts (opened_at, conflict_id) where state = 'open'",
      "create index conflicts_meeting on conflicts (meeting_id)",
      // One row for each merge that left conflicts. A body is a copy, '' for a deletion, or null when the history of the
      // node that merged has it under its version.
      `create table conflict_meetings (
        meeting_id text primary key,
        base_version ${types.bigint},
        base_body text,
        mine_node text not null,
        mine_author text,
        mine_version ${types.bigint},
        mine_at ${types.bigint},
        mine_body text,
        theirs_node text not null,
        theirs_author text,
        theirs_version ${types.bigint},
        theirs_at ${types.bigint},
        theirs_body text
      )`,
      // At a child: what was decided here about conflicts of the parent and has not been answered by it.
      `create table conflict_decisions (
        position ${types.identity},
        decision_id text not null unique,
        parent text not null,
        conflict_id text not null,
        type text not null,
        id text not null,
        kind text not null check (kind in ('resolve', 'assign')),
        node text not null,
        decided_at ${types.bigint} not null,
        decided_by text not null,
        reason text,
        choice text,
        version ${types.bigint} not null,
        assignee text,
        refused_reason text
      )`,
      "create index conflict_decisions_conflict on conflict_decisions (conflict_id)",
      // At a parent: the decisions of children that have been taken, so that none takes effect twice.
      `create table taken_decisions (
        decision_id text primary key,
        node text not null,
        taken_at ${types.bigint} not null
      )`,
    ],
  },
  {
    id: "sync/15-undone-decisions",
    statements: (types) => [
      // JSON: what the decision changed, and which decision was taken back last.
      "alter table conflicts add column resolution_change text",
      "alter table conflicts add column undone text",
      // Made anew, since a decision can be to take another one back.
      "drop index conflict_decisions_conflict",
      `create table queued_decisions (
        position ${types.identity},
        decision_id text not null unique,
        parent text not null,
        conflict_id text not null,
        type text not null,
        id text not null,
        kind text not null check (kind in ('resolve', 'assign', 'reopen')),
        node text not null,
        decided_at ${types.bigint} not null,
        decided_by text not null,
        reason text,
        choice text,
        version ${types.bigint} not null,
        assignee text,
        change text,
        undoes text,
        refused_reason text,
        refused_at ${types.bigint}
      )`,
      `insert into queued_decisions
        (decision_id, parent, conflict_id, type, id, kind, node, decided_at, decided_by, reason, choice, version, assignee,
         refused_reason)
       select decision_id, parent, conflict_id, type, id, kind, node, decided_at, decided_by, reason, choice, version,
         assignee, refused_reason
       from conflict_decisions order by position`,
      "drop table conflict_decisions",
      "alter table queued_decisions rename to conflict_decisions",
      "create index conflict_decisions_conflict on conflict_decisions (conflict_id)",
    ],
  },
];
