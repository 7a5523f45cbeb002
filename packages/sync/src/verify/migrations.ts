import type { Migration } from "@tributary/database";

/** What a child keeps of its comparisons with its parent. */
export const verifyMigrations: readonly Migration[] = [
  {
    id: "sync/11-verifications",
    statements: (types) => [
      `create table link_verifications (
        parent text primary key,
        verified_at ${types.bigint} not null,
        outcome text not null check (outcome in ('identical', 'different', 'out-of-step')),
        records ${types.bigint} not null,
        differences ${types.bigint} not null,
        waiting ${types.bigint} not null,
        repaired ${types.bigint} not null,
        identical_at ${types.bigint}
      )`,
    ],
  },
  {
    id: "sync/16-outside-catchment",
    statements: () => [
      // Taken by the parent, and none of this node's catchment: the parent does not list it when records are compared.
      "alter table link_bases add column is_outside integer not null default 0",
    ],
  },
];
