import { type Reader, sql, type Transaction } from "@tributary/database";
import { clockSetBackMs } from "./departures.ts";

/** A patient of elsewhere whose records are here for a while. */
export interface GuestPatient {
  readonly patient: string;
  readonly purpose: string;
  readonly fetchedAt: number;
  readonly keptUntil: number;
}

interface GuestRow {
  readonly patient: string;
  readonly purpose: string;
  readonly fetched_at: number;
  readonly kept_until: number;
}

const columns = "patient, purpose, fetched_at, kept_until";
const readAmong = sql({
  sqlite: "select g.patient from json_each($1) p cross join guest_patients g on g.patient = p.value",
  postgres: `select g.patient from json_array_elements_text($1::json) as p (id)
    join guest_patients g on g.patient = p.id`,
});
const readOver = sql(`
  select ${columns} from guest_patients where kept_until <= $1 or fetched_at > $2 order by patient limit $3`);
const readAll = sql(`select ${columns} from guest_patients order by kept_until limit $1`);
const putOne = sql(`
  insert into guest_patients (${columns}) values ($1, $2, $3, $4)
  on conflict (patient) do update set
    purpose = excluded.purpose, fetched_at = excluded.fetched_at, kept_until = excluded.kept_until`);
const dropSome = sql({
  sqlite: "delete from guest_patients where patient in (select value from json_each($1))",
  postgres: "delete from guest_patients where patient in (select json_array_elements_text($1::json))",
});

export async function guestsAmong(reader: Reader, patients: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ patient: string }>(readAmong, [JSON.stringify(patients)]);
  return new Set(rows.map(({ patient }) => patient));
}

/** Guests whose time is over, or cannot be told any more since the clock was set back behind it. */
export async function guestsOverdue(reader: Reader, now: number, limit: number): Promise<GuestPatient[]> {
  return (await reader.all<GuestRow>(readOver, [now, now + clockSetBackMs, limit])).map(guestOf);
}

/** Lists the patients of elsewhere who are here, with until when. */
export async function listGuests(reader: Reader, limit: number): Promise<GuestPatient[]> {
  return (await reader.all<GuestRow>(readAll, [limit])).map(guestOf);
}

export async function putGuest(tx: Transaction, guest: GuestPatient): Promise<void> {
  await tx.run(putOne, [guest.patient, guest.purpose, guest.fetchedAt, guest.keptUntil]);
}

export async function forgetGuests(tx: Transaction, patients: readonly string[]): Promise<void> {
  if (patients.length > 0) await tx.run(dropSome, [JSON.stringify(patients)]);
}

function guestOf(row: GuestRow): GuestPatient {
  return { patient: row.patient, purpose: row.purpose, fetchedAt: row.fetched_at, keptUntil: row.kept_until };
}
