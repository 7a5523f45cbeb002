import type { Migration } from "@tributary/database";

/** Users whom the site's OpenID provider vouches for. */
export const openIdMigrations: readonly Migration[] = [
  {
    id: "runtime/6-openid-users",
    statements: () => [
      "alter table users add column issuer text",
      "alter table users add column subject text",
      // One user for each name that the provider gives, whatever else it says of them later.
      "create unique index users_subject on users (issuer, subject) where issuer is not null",
    ],
  },
];
