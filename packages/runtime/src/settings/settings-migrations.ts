import type { Migration } from "@tributary/database";

/** What an administrator has set while the node runs. */
export const settingsMigrations: readonly Migration[] = [
  {
    id: "runtime/8-settings",
    statements: (types) => [
      // One row a version, never changed; the last one is in force. Two who change it at once meet at the key.
      `create table settings_versions (
        version ${types.bigint} primary key check (version > 0),
        set_at ${types.bigint} not null,
        set_by text not null,
        reason text not null,
        settings text not null,
        set_in text not null
      )`,
    ],
  },
];
