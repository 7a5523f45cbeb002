import type { Migration } from "@tributary/database";

/** Who may use the node by name and password, and who is signed in. */
export const userMigrations: readonly Migration[] = [
  {
    id: "runtime/2-users",
    statements: (types) => [
      `create table users (
        name text primary key,
        role text not null check (role in ('viewer', 'operator', 'reviewer', 'administrator')),
        language text not null,
        password_hash text not null,
        created_at ${types.bigint} not null,
        last_seen_at ${types.bigint},
        failures integer not null default 0 check (failures >= 0),
        locked_until ${types.bigint}
      )`,
      `create table user_sessions (
        token_hash text primary key,
        name text not null references users (name) on delete cascade,
        begun_at ${types.bigint} not null,
        used_at ${types.bigint} not null
      )`,
      // A changed password or role ends the user's sessions, and the oldest give way to new ones.
      "create index user_sessions_name on user_sessions (name, begun_at)",
      // What has ended is swept out by its age.
      "create index user_sessions_used on user_sessions (used_at)",
      `create table setup_link (
        only_row integer primary key check (only_row = 1),
        token_hash text not null,
        made_at ${types.bigint} not null
      )`,
    ],
  },
];
