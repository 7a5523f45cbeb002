import type { Migration } from "@tributary/database";

/** What an operator decided about a link, and what is held back because of it. */
export const controlMigrations: readonly Migration[] = [
  {
    id: "sync/8-control",
    statements: (types, dialect) => [
      `create table link_pauses (
        parent text not null,
        direction text not null check (direction in ('push', 'pull')),
        paused_at ${types.bigint} not null,
        paused_by text not null,
        reason text not null,
        primary key (parent, direction)
      )`,
      // Records of the parent that changed while their type was not pulled; they are fetched once it is again.
      `create table held_pulls (
        link text not null,
        type text not null,
        id text not null,
        held_at ${types.bigint} not null,
        primary key (link, type, id)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
    ],
  },
];
