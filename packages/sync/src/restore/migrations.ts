import type { Migration } from "@tributary/database";

/** What the two ends of a link keep in order to notice that the other one was restored from a backup, or copied. */
export const restoreMigrations: readonly Migration[] = [
  {
    id: "sync/11-restore",
    statements: (types) => [
      // At a child: places that its marker has passed, by which the last one that both ends have in common is found.
      `create table stream_trail (
        parent text not null,
        stream text not null,
        position ${types.bigint} not null,
        entry_digest text not null,
        primary key (parent, stream, position)
      )`,
      // At a parent: the installation that speaks for a child, those that did before, and since when two of them do.
      `create table child_instances (
        node text primary key,
        instance text not null,
        former text not null,
        incarnation text not null,
        contested_at ${types.bigint}
      )`,
      // How many operations a child is known to have named in each of its incarnations.
      `create table child_incarnations (
        node text not null,
        incarnation text not null,
        counter ${types.bigint} not null,
        primary key (node, incarnation)
      )`,
      "alter table push_verdicts add column content_digest text",
    ],
  },
  {
    id: "sync/18-known-holders",
    statements: ({ bytewise }, dialect) => [
      // At a hub that was restored: patients whom a child wrote first, as this node's own parent told.
      `create table known_holders (
        node text not null,
        patient text ${bytewise} not null,
        primary key (node, patient)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
    ],
  },
  {
    id: "sync/20-stream-ends",
    statements: (types) => [
      // Where a stream ended when records were read that are here, as long as the marker has not come so far.
      `alter table stream_markers add column seen_position ${types.bigint}`,
      "alter table stream_markers add column seen_digest text",
    ],
  },
  {
    id: "sync/22-unfinished-offers",
    // Parents to which what they have lost is about to be offered: what was made at once must not be sent in parts.
    statements: () => ["create table unfinished_offers (parent text primary key)"],
  },
  {
    id: "sync/24-refused-installations",
    // At a parent: installations of a child that somebody turned away; when they come back it is no news.
    statements: () => ["alter table child_instances add column refused text not null default '[]'"],
  },
  {
    id: "sync/30-seen-places",
    statements: ({ bigint }) => [
      `create table seen_places (
        parent text not null,
        stream text not null,
        position ${bigint} not null,
        epoch text not null,
        entry_digest text,
        primary key (parent, stream, position)
      )`,
      `insert into seen_places (parent, stream, position, epoch, entry_digest)
       select parent, stream, seen_position, epoch, seen_digest from stream_markers where seen_position is not null`,
      "alter table stream_markers drop column seen_position",
      "alter table stream_markers drop column seen_digest",
    ],
  },
];
