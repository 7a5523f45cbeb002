import type { Migration } from "@tributary/database";

/** What a token may do, for how long, who made it and when it was last used. */
export const tokenMigrations: readonly Migration[] = [
  {
    id: "runtime/5-token-roles",
    statements: (types) => [
      // Tokens that are there already go on as what they were.
      `alter table api_tokens add column role text not null default 'administrator'
        check (role in ('viewer', 'operator', 'reviewer', 'administrator'))`,
      `alter table api_tokens add column expires_at ${types.bigint}`,
      "alter table api_tokens add column created_by text",
      `alter table api_tokens add column last_used_at ${types.bigint}`,
    ],
  },
];
