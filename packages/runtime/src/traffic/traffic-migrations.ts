import type { Migration } from "@tributary/database";

/** What went over the lines, and what is wrong. */
export const watchMigrations: readonly Migration[] = [
  {
    id: "runtime/3-traffic-and-alerts",
    statements: (types) => [
      // One row for each quarter of an hour and node; the empty name stands for all lines together.
      `create table traffic_quarters (
        node text not null,
        at ${types.bigint} not null,
        requests ${types.bigint} not null,
        bytes_sent ${types.bigint} not null,
        bytes_received ${types.bigint} not null,
        records_in ${types.bigint} not null,
        records_out ${types.bigint} not null,
        failures ${types.bigint} not null,
        primary key (node, at)
      )`,
      // Old quarters are swept out by their age.
      "create index traffic_quarters_at on traffic_quarters (at)",
      `create table alerts (
        alert_id ${types.identity},
        rule text not null,
        subject text not null,
        state text not null check (state in ('open', 'closed')),
        severity text not null check (severity in ('warning', 'critical')),
        opened_at ${types.bigint} not null,
        closed_at ${types.bigint},
        value double precision not null,
        limit_value double precision not null,
        sentence text not null,
        told_state text
      )`,
      // One alert of a rule about a thing at a time.
      "create unique index alerts_open on alerts (rule, subject) where state = 'open'",
      // What the webhook has not been told yet; seldom more than a handful.
      "create index alerts_untold on alerts (alert_id) where told_state is null or told_state <> state",
    ],
  },
];
