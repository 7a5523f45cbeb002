import { type Migration, type Reader, sql, type Transaction } from "@tributary/database";
import type { ChildReport } from "./report-header.ts";

/** What a child last told of itself. */
export interface ToldReport extends ChildReport {
  /** When it told that, in milliseconds since 1970. */
  readonly toldAt: number;
}

interface ReportRow {
  readonly node: string;
  readonly told_at: number;
  readonly version: string;
  readonly clock_offset_ms: number;
  readonly unsent: number;
  readonly unsent_since: number | null;
  readonly parked: number;
  readonly failed: number;
  readonly open_conflicts: number;
  readonly children: number | null;
}

const columns =
  "node, told_at, version, clock_offset_ms, unsent, unsent_since, parked, failed, open_conflicts, children";
const putOne = sql(`
  insert into child_reports (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (node) do update set
    told_at = excluded.told_at, version = excluded.version, clock_offset_ms = excluded.clock_offset_ms,
    unsent = excluded.unsent, unsent_since = excluded.unsent_since, parked = excluded.parked, failed = excluded.failed,
    open_conflicts = excluded.open_conflicts, children = excluded.children`);
const readAll = sql(`select ${columns} from child_reports`);
const putVerifying = sql(`
  insert into child_verifications (node, asked_at) values ($1, $2)
  on conflict (node) do update set asked_at = excluded.asked_at`);
const dropVerifying = sql("delete from child_verifications where node = $1");
const readVerifying = sql("select node from child_verifications where asked_at > $1");

/** The tables of what children tell of themselves. */
export const reportMigrations: readonly Migration[] = [
  {
    id: "runtime/4-child-reports",
    statements: (types) => [
      // One row for each child that tells how it does; those of earlier versions have none.
      `create table child_reports (
        node text primary key,
        told_at ${types.bigint} not null,
        version text not null,
        clock_offset_ms ${types.bigint} not null,
        unsent ${types.bigint} not null,
        unsent_since ${types.bigint},
        parked ${types.bigint} not null,
        failed ${types.bigint} not null,
        open_conflicts ${types.bigint} not null
      )`,
      // The children that compare their records at this moment, and when they last asked for something to compare.
      `create table child_verifications (
        node text primary key,
        asked_at ${types.bigint} not null
      )`,
    ],
  },
];

/** What was added to these tables since. */
export const laterReportMigrations: readonly Migration[] = [
  {
    id: "runtime/9-childrens-children",
    statements: (types) => [
      // Null for a child that does not tell how many it has.
      `alter table child_reports add column children ${types.bigint}`,
    ],
  },
];

/** Keeps what a child tells of itself, in place of what it told before. */
export async function putChildReport(tx: Transaction, node: string, report: ChildReport, now: number): Promise<void> {
  const { version, clockOffsetMs, unsent, unsentSince, parked, failed, openConflicts, children } = report;
  const counts = [unsent, unsentSince, parked, failed, openConflicts, children];
  await tx.run(putOne, [node, now, version, clockOffsetMs, ...counts]);
}

/** What each child last told of itself. */
export async function readChildReports(reader: Reader): Promise<ReadonlyMap<string, ToldReport>> {
  const rows = await reader.all<ReportRow>(readAll);
  return new Map(
    rows.map((row) => [
      row.node,
      {
        toldAt: row.told_at,
        version: row.version,
        clockOffsetMs: row.clock_offset_ms,
        unsent: row.unsent,
        unsentSince: row.unsent_since,
        parked: row.parked,
        failed: row.failed,
        openConflicts: row.open_conflicts,
        children: row.children,
      },
    ]),
  );
}

/** Notes that a child compares its records, or that it does not any more. */
export async function noteVerifying(tx: Transaction, node: string, at: number | undefined): Promise<void> {
  if (at === undefined) await tx.run(dropVerifying, [node]);
  else await tx.run(putVerifying, [node, at]);
}

/** The children that have asked for something to compare since a moment. */
export async function readVerifyingChildren(reader: Reader, since: number): Promise<ReadonlySet<string>> {
  return new Set((await reader.all<{ node: string }>(readVerifying, [since])).map(({ node }) => node));
}
