import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealAuditEntries } from "@tributary/audit";
import { type Database, sql } from "@tributary/database";
import { readLogIdentity } from "@tributary/events";
import { systemClock } from "@tributary/kernel";
import { openNodeDatabase, readConfig } from "@tributary/runtime";
import { freePort } from "../tests/program/free-port.ts";
import { tributary } from "../tests/program/tributary.ts";
import { percentile } from "./percentile.ts";
import type { Scenario } from "./scenario.ts";
import { serve } from "./serve.ts";

/** How often each list is asked for; the first answers come with cold caches and count too. */
const timesEach = 30;
const aimMs = 500;
const parentName = "centre";
const hourMs = 3_600_000;

/** What the console asks for, as its screens do: first pages, filters, sorted lists, and pages deep within. */
const asked: readonly (readonly [measure: string, path: string])[] = [
  ["network, by name", "/network"],
  ["network, the furthest behind first", "/network?sort=behind&order=desc&limit=500"],
  ["network, the silent ones named so", "/network?state=silent&q=clinic-7"],
  ["children", "/children?sort=lastSeenAt&order=desc"],
  ["status", "/status"],
  ["traffic of a day", "/traffic?hours=24"],
  ["traffic of one child", "/traffic?hours=24&node=clinic-500"],
  ["alerts that are open", "/alerts?state=open"],
  ["alerts about some nodes", "/alerts?q=clinic-99&rule=child-silent"],
  ["audit, the latest", "/audit"],
  ["audit, the earliest", "/audit?order=asc&limit=500"],
  ["audit, deep within", "/audit?after=500000"],
  ["audit of a record", "/audit?reference=Patient/p-4711"],
  ["audit of a user", "/audit?actor=user-7"],
  ["audit of a node", "/audit?node=clinic-123"],
  ["audit of an outcome that is rare", "/audit?outcome=rejected"],
  ["audit of an hour long ago", "/audit?since=SINCE&until=UNTIL"],
  ["audit of an hour long ago, the earliest first", "/audit?since=SINCE&until=UNTIL&order=asc"],
  ["audit of a user who is nobody", "/audit?actor=nobody"],
  ["audit of a user at a node", "/audit?actor=user-7&node=clinic-999&operation=merge"],
  ["failures", "/failures"],
  ["conflicts", "/conflicts"],
  ["conflicts, counted", "/conflicts/counts"],
  ["feeds", "/feeds"],
  ["a page of a feed, deep within", "/feeds/all/10000"],
  ["one event at all consumers", "/events/EVENT/consumers"],
  ["consumers", "/feeds/consumers"],
  ["events that failed at consumers", "/feeds/failures?q=Patient/p-1"],
  ["catchments", "/catchments?sort=members&order=desc"],
  ["members of a catchment", "/catchments/c1/members?limit=500"],
  ["users", "/users?sort=lastSeenAt"],
  ["tokens", "/tokens?state=living"],
  ["configuration", "/configuration"],
];

/** How fast the admin API answers what a large network makes of its lists. */
export const scenarios: readonly Scenario[] = [
  {
    name: "console-lists",
    question: "How soon does each list of the console answer with 1,000 children and 1,000,000 audit entries?",
    async run(report, { quick }) {
      const [children, entries] = quick ? [20, 10_000] : [1_000, 1_000_000];
      await using stack = new AsyncDisposableStack();
      const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
      stack.defer(() => rm(folder, { recursive: true, force: true }));
      const port = await freePort();
      const token = await tributary("init", "parent", "--dir", folder, "--id", parentName, "--port", String(port));
      const place = await seed(folder, children, entries);
      await serve(folder, stack);
      const base = `http://127.0.0.1:${port}`;
      await timesOf(`${base}/health`, {});
      const bare = await timesOf(`${base}/health`, {});
      for (const [measure, path] of asked) {
        const filled = path
          .replace("SINCE", String(place.since))
          .replace("UNTIL", String(place.since + hourMs))
          .replace("EVENT", place.event);
        const times = await timesOf(`${base}/admin/v1${filled}`, { authorization: `Bearer ${token}` });
        report({
          measure: `${measure}, p95`,
          value: percentile(times, 0.95),
          unit: "ms",
          baseline: percentile(bare, 0.95),
          ratio: percentile(times, 0.95) / percentile(bare, 0.95),
          note: `median ${percentile(times, 0.5).toFixed(1)} ms, aim ${aimMs}; bare: GET /health`,
        });
      }
    },
  },
];

async function timesOf(url: string, headers: Record<string, string>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < timesEach; n++) {
    const startedAt = performance.now();
    const answer = await fetch(url, { headers });
    await answer.arrayBuffer();
    times.push(performance.now() - startedAt);
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`);
  }
  return times;
}

const count = "with recursive n (i) as (select 1 union all select i + 1 from n where i < $1)";
const ofTrail = `
  case i % 5 when 0 then 'pull' when 1 then 'push' when 2 then 'local-write' when 3 then 'merge' else 'manual' end,
  'Patient/p-' || (i % 20000), 1, 2, 'centre', 'op-' || (i / 7),
  case when i % 9973 = 0 then 'rejected' when i % 3 = 0 then 'unchanged' else 'applied' end`;

/** What fills a parent's tables as a large network of some years does; $1 is how many rows, $2 the time now. */
const fillings: readonly (readonly [statement: string, rows: (children: number, entries: number) => number])[] = [
  [
    `insert into audit_entries (node, at, actor, operation, reference, version_before, version_after, link,
       operation_id, outcome, entry_id)
     ${count} select '${parentName}', $2 - (1000000 - i * 9) * 1000, 'user-' || (i % 50), ${ofTrail}, i * 10 from n`,
    (_, entries) => entries / 10,
  ],
  [
    `insert into foreign_audit_entries (node, chain, position, chain_hash, at, actor, operation, reference,
       version_before, version_after, link, operation_id, outcome, entry_id)
     ${count} select 'clinic-' || (i % 1000), 'x', i, 'h' || i, $2 - (1000000 - i) * 1000, 'user-' || (i % 50),
       ${ofTrail}, i + i / 9 + 1 + (case when (i + i / 9 + 1) % 10 = 0 then 1 else 0 end) from n`,
    (_, entries) => (entries / 10) * 9,
  ],
  [
    `insert into child_nodes (node, public_key, enrolled_at, last_seen_at, marker_epoch, marker_position)
     ${count} select 'clinic-' || i, '{}', $2 - 90000000, $2 - (i % 200) * 60000, $3, 50000 - i from n`,
    (children) => children,
  ],
  [
    `insert into child_catchments (node, catchment, assigned_at, assigned_by, from_epoch, from_position)
     ${count} select 'clinic-' || i, 'c' || (i % 10), 1, 'bench', $3, 0 from n`,
    (children) => children,
  ],
  [
    `insert into child_reports (node, told_at, version, clock_offset_ms, unsent, unsent_since, parked, failed,
       open_conflicts)
     ${count} select 'clinic-' || i, $2, '0.1.0', i, i % 7, null, i % 3, i % 5, i % 2 from n`,
    (children) => children,
  ],
  [
    `insert into traffic_quarters (node, at, requests, bytes_sent, bytes_received, records_in, records_out, failures)
     ${count} select 'clinic-' || (i / 96), ($2 / 900000 - i % 96) * 900000, 30, 4000, 9000, 3, 4, 0 from n`,
    (children) => children * 96,
  ],
  [
    `insert into alerts (rule, subject, state, severity, opened_at, closed_at, value, limit_value, sentence)
     ${count} select 'child-silent', 'clinic-' || i, case when i % 4 = 0 then 'open' else 'closed' end, 'warning',
       $2 - i, null, 61, 60, 'It was last heard of long ago.' from n`,
    (children) => children * 5,
  ],
  [`insert into catchments (name, version, rule) ${count} select 'c' || (i - 1), 1, '{}' from n`, () => 10],
  [
    `insert into catchment_members (catchment, patient, state, since, reason)
     ${count} select 'c' || (i % 10), 'p-' || i, case when i % 50 = 0 then 'suspended' else 'member' end, 1, 'rule' from n`,
    (_, entries) => entries / 10,
  ],
  [
    `insert into users (name, role, language, password_hash, created_at)
     ${count} select 'user-' || i, 'viewer', 'en', 'none', $2 from n`,
    () => 500,
  ],
  [
    `insert into api_tokens (name, token_hash, created_at) ${count} select 'token-' || i, 'h' || i, $2 from n`,
    () => 500,
  ],
  [
    `insert into markers (feed_uri, consumer, last_read_entry_id)
     ${count} select 'http://127.0.0.1:8080/feed/patient/recent', 'consumer-' || i, null from n`,
    () => 20,
  ],
  [
    `insert into failed_events (consumer, feed_uri, event_id, state, retries, event_content, title)
     ${count} select 'consumer-1', 'http://127.0.0.1:8080/feed/patient/recent', 'e-' || i, 'dead', 3,
       '/fhir/Patient/p-' || i, 'Patient' from n`,
    () => 5_000,
  ],
  [
    `insert into event_records (id, uuid, title, category, object, event_type, entity_type, entity_id, version)
     ${count} select i, 'event-' || i, 'Patient', 'patient', '/fhir/Patient/p-' || i, 'resource.saved', 'Patient',
       'p-' || i, 1 from n`,
    () => 60_000,
  ],
  [
    `insert into event_record_feeds (feed, feed_position, record_id) ${count} select 'category:patient', i, i from n`,
    () => 60_000,
  ],
];

const ofEachCatchment = `insert into event_record_feeds (feed, feed_position, record_id)
  ${count} select 'stream:catchment.' || $2, i, i from n`;

export async function seed(
  folder: string,
  children: number,
  entries: number,
): Promise<{ readonly since: number; readonly event: string }> {
  const now = systemClock.now();
  await using database = await openNodeDatabase(await readConfig(folder));
  const { epoch } = await readLogIdentity(database);
  for (const [statement, rows] of fillings) {
    const given = [rows(children, entries), now, epoch].slice(
      0,
      1 + Math.max(0, ...[2, 3].map((n) => (statement.includes(`$${n}`) ? n - 1 : 0))),
    );
    await database.transaction((tx) => tx.run(sql(statement), given));
  }
  // A node seals its entries as they come; years of them at once would only keep it from answering.
  while ((await sealAuditEntries(database)) > 0);
  const head = 60_000;
  await fillStreams(database, head);
  return { since: now - 500_000 * 1000, event: "event-49500" };
}

async function fillStreams(database: Database, head: number): Promise<void> {
  await database.transaction(async (tx) => {
    const putHead = sql("insert into event_feed_heads (feed, position) values ($1, $2)");
    for (let n = 0; n < 10; n++) {
      await tx.run(sql(ofEachCatchment), [head, `c${n}`]);
      await tx.run(putHead, [`stream:catchment.c${n}`, head]);
    }
    await tx.run(putHead, ["category:patient", head]);
    await tx.run(sql("update event_sequencer set last_position = $1"), [head]);
  });
}
