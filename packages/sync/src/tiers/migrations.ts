import type { Migration } from "@tributary/database";

/** The tables by which a child learns how far up its changes have come. */
export const tierMigrations: readonly Migration[] = [
  {
    id: "sync/9-tiers",
    statements: (types, dialect) => [
      // Everything behind a link's base is pushed now, wherever it was made: what was passed over is looked at again.
      "update push_markers set position = 0",
      // At a hub: versions that children's operations have made here, as long as they are not known to be at its parent.
      `create table relayed_records (
        node text not null,
        incarnation text not null,
        counter ${types.bigint} not null,
        type text not null,
        id text not null,
        version ${types.bigint} not null,
        primary key (node, incarnation, counter, type, id)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
      // How far a node's operations have come: all up to the counter are at the tier. An empty tier is this node itself.
      `create table tier_reach (
        node text not null,
        tier text not null,
        distance integer not null,
        incarnation text not null,
        counter ${types.bigint} not null,
        primary key (node, tier)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
      // At a hub with two tiers above it: under which operation of its own it has sent a child's on, at the latest.
      `create table relay_steps (
        node text not null,
        incarnation text not null,
        counter ${types.bigint} not null,
        carried_by ${types.bigint} not null,
        primary key (node, incarnation, counter)
      ) ${dialect === "sqlite" ? "without rowid" : ""}`,
    ],
  },
];
