import { type Database, type Reader, sql, type Transaction } from "@tributary/database";
import { countPatients, nextPatients } from "@tributary/fhir";
import type { Clock } from "@tributary/kernel";

/** Patients decided about in one transaction: some tens of milliseconds, so that writers hardly wait. */
const portionPatients = 200;

/** Who decides about some patients by a catchment's rule, in the transaction of a pass. */
interface Decider {
  decide(tx: Transaction, patients: readonly string[], catchment: string): Promise<unknown>;
}

/** A pass over all patients by one catchment's rule. */
export interface Pass {
  readonly catchment: string;
  /** Patients looked at, and how many there were when it began. */
  readonly done: number;
  readonly total: number;
  readonly begunAt: number;
  readonly endedAt: number | null;
}

interface PassRow {
  readonly catchment: string;
  readonly patients_after: string;
  readonly done: number;
  readonly total: number;
  readonly wait_for: string | null;
  readonly begun_at: number;
  readonly ended_at: number | null;
}

const columns = "catchment, patients_after, done, total, wait_for, begun_at, ended_at";
const putOne = sql(`
  insert into catchment_passes (catchment, patients_after, done, total, begun_at) values ($1, '', 0, $2, $3)
  on conflict (catchment) do update set
    patients_after = '', done = 0, total = excluded.total, wait_for = null, begun_at = excluded.begun_at, ended_at = null`);
const readAll = sql(`select ${columns} from catchment_passes order by catchment`);
const readNext = sql(
  `select ${columns} from catchment_passes where ended_at is null order by begun_at, catchment limit 1`,
);
const lockOne = sql({
  sqlite: `select ${columns} from catchment_passes where catchment = $1`,
  postgres: `select ${columns} from catchment_passes where catchment = $1 for update`,
});
const moveOn = sql("update catchment_passes set patients_after = $2, done = done + $3 where catchment = $1");
const endOne = sql("update catchment_passes set ended_at = $2 where catchment = $1");
const noteWait = sql("update catchment_passes set wait_for = $2 where catchment = $1");

// A transaction that began before the rule was committed may have read the rules of before; it must have ended.
const presentHorizon = sql({
  sqlite: "select '' as horizon",
  postgres: "select pg_snapshot_xmax(pg_current_snapshot())::text as horizon",
});
const isPassed = sql({
  sqlite: "select 1 as passed",
  postgres: "select (pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8)::integer as passed",
});

/** Has every patient decided about anew by a catchment's rule; one that is under way begins again. */
export async function beginPass(tx: Transaction, catchment: string, now: number): Promise<void> {
  await tx.run(putOne, [catchment, await countPatients(tx), now]);
}

/** The last pass of each catchment. */
export async function listPasses(reader: Reader): Promise<Pass[]> {
  return (await reader.all<PassRow>(readAll)).map((row) => ({
    catchment: row.catchment,
    done: row.done,
    total: row.total,
    begunAt: row.begun_at,
    endedAt: row.ended_at,
  }));
}

/**
 * Does the next portion of whatever pass is waiting, in one transaction; tells whether there was any. A pass goes on
 * where it was broken off, in whatever process.
 */
export async function continuePasses(database: Database, memberships: Decider, clock: Clock): Promise<boolean> {
  const next = await database.first<PassRow>(readNext);
  if (!next) return false;
  if (!(await mayBegin(database, next))) {
    await clock.sleep(50);
    return true;
  }
  await database.transaction(async (tx) => {
    const pass = await tx.first<PassRow>(lockOne, [next.catchment]);
    if (!pass || pass.ended_at !== null) return;
    const patients = await nextPatients(tx, pass.patients_after, portionPatients);
    if (patients.length > 0) {
      await memberships.decide(tx, patients, pass.catchment);
      await tx.run(moveOn, [pass.catchment, patients.at(-1)!, patients.length]);
    }
    if (patients.length < portionPatients) await tx.run(endOne, [pass.catchment, clock.now()]);
  });
  return true;
}

async function mayBegin(database: Database, pass: PassRow): Promise<boolean> {
  if (database.dialect === "sqlite" || pass.patients_after !== "") return true;
  let horizon = pass.wait_for;
  if (horizon === null) {
    horizon = (await database.first<{ horizon: string }>(presentHorizon))?.horizon ?? "0";
    await database.transaction((tx) => tx.run(noteWait, [pass.catchment, horizon]));
  }
  return (await database.first<{ passed: number }>(isPassed, [horizon]))?.passed === 1;
}
