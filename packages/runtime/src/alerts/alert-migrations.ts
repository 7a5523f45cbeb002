import type { Migration } from "@tributary/database";

/** What of the alerts has gone by e-mail. */
export const alertMigrations: readonly Migration[] = [
  {
    id: "runtime/7-mailed-alerts",
    statements: () => [
      // The severity as which it was last sent, or `over`; nothing before the first message.
      "alter table alerts add column mailed_as text check (mailed_as in ('warning', 'critical', 'over'))",
      // Those that are to be sent are among the open ones, and those that were sent and have closed.
      "create index alerts_unmailed on alerts (alert_id) where state = 'open' or mailed_as in ('warning', 'critical')",
    ],
  },
];
