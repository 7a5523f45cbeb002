import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";

/**
 * What became of a patient who left this node's catchment: `leaving` until the records are purged, `read-only` when they
 * are kept to be looked at, `gone` when nothing but this row is left.
 */
export type DepartureState = "leaving" | "read-only" | "gone";

/** That a patient left the catchment; or, under `Type/id`, a single record that is no patient's of it any more. */
export interface Departure {
  readonly patient: string;
  /** Milliseconds since 1970. */
  readonly departedAt: number;
  /** When the records are to be purged; `null` when they are kept. Of who is gone: when they were, until no file holds a trace. */
  readonly purgeAt: number | null;
  readonly state: DepartureState;
}

interface DepartureRow {
  readonly patient: string;
  readonly departed_at: number;
  readonly purge_at: number | null;
  readonly state: DepartureState;
}

/** A clock that is so far behind a time that it once told has been set back: what is kept is not kept by it. */
export const clockSetBackMs = 24 * 3_600_000;

const columns = "patient, departed_at, purge_at, state";
const readDue = sql(`
  select ${columns} from departed_patients
  where state = 'leaving' and (purge_at <= $1 or departed_at > $2) order by purge_at, patient limit $3`);
const readTraced = sql(`
  select patient from departed_patients where state = 'gone' and purge_at is not null order by patient limit $1`);
const dropTrace = sql({
  sqlite: `update departed_patients set purge_at = null
    where state = 'gone' and patient in (select value from json_each($1))`,
  postgres: `update departed_patients set purge_at = null
    where state = 'gone' and patient in (select json_array_elements_text($1::json))`,
});
const readAll = sql(`select ${columns} from departed_patients where state <> 'gone' order by patient limit $1`);
const readSome = sql({
  sqlite: `select d.patient from json_each($1) p cross join departed_patients d on d.patient = p.value and d.state <> 'gone'`,
  postgres: `select d.patient from json_array_elements_text($1::json) as p (id)
    join departed_patients d on d.patient = p.id and d.state <> 'gone'`,
});
const anyLeft = sql("select 1 as one from departed_patients where state <> 'gone' limit 1");
const lockLeaving = sql({
  sqlite: "select 1 as one from departed_patients where patient = $1 and state = 'leaving'",
  postgres: "select 1 as one from departed_patients where patient = $1 and state = 'leaving' for update",
});
const putSome = bulkInsert(
  "departed_patients",
  { patient: "text", departed_at: "bigint", purge_at: "bigint", state: "text" },
  `on conflict (patient) do update set
     departed_at = excluded.departed_at, purge_at = excluded.purge_at, state = excluded.state`,
);
const forget = sql({
  sqlite: "delete from departed_patients where patient in (select value from json_each($1))",
  postgres: "delete from departed_patients where patient in (select json_array_elements_text($1::json))",
});

/** Those who are to be purged by now, or of whom a clock that was set back would tell so too late; the longest due first. */
export async function dueDepartures(reader: Reader, now: number, limit: number): Promise<Departure[]> {
  return (await reader.all<DepartureRow>(readDue, [now, now + clockSetBackMs, limit])).map(departureOf);
}

/** Those whose records are gone from the tables, and may still stand in the files beneath them. */
export async function tracedDepartures(reader: Reader, limit: number): Promise<string[]> {
  return (await reader.all<{ patient: string }>(readTraced, [limit])).map(({ patient }) => patient);
}

/** Remembers that no file holds anything of them any more. */
export async function noteTraceless(tx: Transaction, patients: readonly string[]): Promise<void> {
  await tx.run(dropTrace, [JSON.stringify(patients)]);
}

/** Those whose records are still here. */
export async function listDepartures(reader: Reader, limit: number): Promise<Departure[]> {
  return (await reader.all<DepartureRow>(readAll, [limit])).map(departureOf);
}

/** Those of some patients who have left and whose records are still here. */
export async function departedAmong(reader: Reader, patients: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ patient: string }>(readSome, [JSON.stringify(patients)]);
  return new Set(rows.map(({ patient }) => patient));
}

/** Whether the records of somebody are still to be purged; nobody takes that back before the transaction ends. */
export async function isStillLeaving(tx: Transaction, patient: string): Promise<boolean> {
  return (await tx.first(lockLeaving, [patient])) !== undefined;
}

/** Whether anybody has left whose records are still here; cheap enough to be asked at every write. */
export async function hasDepartures(reader: Reader): Promise<boolean> {
  return (await reader.first(anyLeft)) !== undefined;
}

export async function putDepartures(tx: Transaction, departures: readonly Departure[]): Promise<void> {
  await putSome(
    tx,
    departures.map(({ patient, departedAt, purgeAt, state }) => [patient, departedAt, purgeAt, state]),
  );
}

/** Takes back that patients left. */
export async function forgetDepartures(tx: Transaction, patients: readonly string[]): Promise<void> {
  if (patients.length > 0) await tx.run(forget, [JSON.stringify(patients)]);
}

function departureOf(row: DepartureRow): Departure {
  return { patient: row.patient, departedAt: row.departed_at, purgeAt: row.purge_at, state: row.state };
}
