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
];
