import { assert, TributaryError } from "@tributary/kernel";
import type { Database } from "../database.ts";
import { sql } from "../sql.ts";
import type { Transaction } from "../transaction.ts";
import { columnTypes } from "./column-types.ts";
import type { Migration } from "./migration.ts";

/** Serializes processes that migrate one PostgreSQL database at the same time; the number means nothing else. */
const migrationLock = 7_104_201;

const createTimeline = sql(`
  create table if not exists schema_migrations (
    position integer primary key,
    id text not null unique,
    applied_at text not null default current_timestamp
  )`);
const lockTimeline = sql({ sqlite: "select 1", postgres: `select pg_advisory_xact_lock(${migrationLock})` });
const readTimeline = sql("select id from schema_migrations order by position");
const writeStep = sql("insert into schema_migrations (position, id) values ($1, $2)");

/**
 * Brings a database to the end of a timeline and returns the ids of the steps it did. Safe to run at every start and by
 * several processes at once; a step that fails leaves the database as it was before that step.
 *
 * The timelines of packages are handed over one after another; steps are told apart by id, so a package may grow later.
 * Throws `DATABASE_NEWER` when the database has a step of these packages that the timeline does not know.
 */
export async function migrate(database: Database, timeline: readonly Migration[]): Promise<string[]> {
  assert(new Set(timeline.map(({ id }) => id)).size === timeline.length, "every migration has an id of its own");
  await database.transaction(async (tx) => {
    await tx.all(lockTimeline);
    await tx.run(createTimeline);
  });
  const done: string[] = [];
  for (const step of timeline) {
    const didIt = await database.transaction((tx) => takeStep(tx, step, timeline));
    if (didIt) done.push(step.id);
  }
  return done;
}

async function takeStep(tx: Transaction, step: Migration, timeline: readonly Migration[]): Promise<boolean> {
  await tx.all(lockTimeline);
  const applied = (await tx.all<{ id: string }>(readTimeline)).map(({ id }) => id);
  refuseNewer(applied, timeline);
  if (applied.includes(step.id)) return false;
  for (const statement of step.statements(columnTypes(tx.dialect), tx.dialect)) await tx.run(sql(statement));
  await tx.run(writeStep, [applied.length + 1, step.id]);
  return true;
}

function refuseNewer(applied: readonly string[], timeline: readonly Migration[]): void {
  const known = new Set<string>(timeline.map(({ id }) => id));
  const packages = new Set(timeline.map(({ id }) => packageOf(id)));
  const unknown = applied.find((id) => !known.has(id) && packages.has(packageOf(id)));
  if (unknown !== undefined) {
    throw new TributaryError(
      "DATABASE_NEWER",
      `The database has the step ${unknown}, which this version does not know. Start the newer version again.`,
    );
  }
}

function packageOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}
