import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";

/**
 * How a patient stands to a catchment: `member`; `suspended`, when the rule could not be evaluated, so that nothing new
 * is shown and nothing is taken away; or `left`.
 */
export type MemberState = "member" | "suspended" | "left";

/** That a patient is, or was, in a catchment. */
export interface Membership {
  readonly catchment: string;
  readonly patient: string;
  readonly state: MemberState;
  /** When it came to be so, in milliseconds since 1970. */
  readonly since: number;
  /** The rule by which, such as `rule 3`. */
  readonly reason: string;
}

const columns = "catchment, patient, state, since, reason";
const readOfPatients = sql({
  sqlite: `select m.catchment, m.patient, m.state, m.since, m.reason
    from json_each($1) p cross join catchment_members m on m.patient = p.value`,
  postgres: `select m.catchment, m.patient, m.state, m.since, m.reason
    from json_array_elements_text($1::json) as p (id) join catchment_members m on m.patient = p.id`,
});
const readAmong = sql({
  sqlite: `select m.patient from json_each($2) p
    cross join catchment_members m on m.catchment = $1 and m.patient = p.value and m.state = 'member'`,
  postgres: `select m.patient from json_array_elements_text($2::json) as p (id)
    join catchment_members m on m.catchment = $1 and m.patient = p.id and m.state = 'member'`,
});
const readPage = sql(`
  select ${columns} from catchment_members
  where catchment = $1 and patient > $2 and state <> 'left' order by patient limit $3`);
const readMembers = sql(`
  select patient from catchment_members
  where catchment = $1 and patient > $2 and state = 'member' order by patient limit $3`);
const readSuspended = sql(`
  select patient from catchment_members where catchment = $1 and state = 'suspended' order by patient limit $2`);
const countByState = sql(
  "select catchment, state, count(*) as n from catchment_members group by catchment, state order by catchment",
);
const putSome = bulkInsert(
  "catchment_members",
  { catchment: "text", patient: "text", state: "text", since: "bigint", reason: "text" },
  `on conflict (catchment, patient) do update set
     state = excluded.state, since = excluded.since, reason = excluded.reason`,
);

/** All that is known of some patients' memberships, former ones included. */
export function membershipsOf(reader: Reader, patients: readonly string[]): Promise<Membership[]> {
  return reader.all<Membership>(readOfPatients, [JSON.stringify(patients)]);
}

/** Those of some patients who are members now. */
export async function membersAmong(
  reader: Reader,
  catchment: string,
  patients: readonly string[],
): Promise<ReadonlySet<string>> {
  if (patients.length === 0) return new Set();
  const rows = await reader.all<{ patient: string }>(readAmong, [catchment, JSON.stringify(patients)]);
  return new Set(rows.map(({ patient }) => patient));
}

/** The members of a catchment, suspended ones included, behind a patient. */
export function listMembers(reader: Reader, catchment: string, after: string, limit: number): Promise<Membership[]> {
  return reader.all<Membership>(readPage, [catchment, after, limit]);
}

/** The ids of a catchment's members behind a patient; suspended ones are left out. */
export async function memberIds(reader: Reader, catchment: string, after: string, limit: number): Promise<string[]> {
  return (await reader.all<{ patient: string }>(readMembers, [catchment, after, limit])).map(({ patient }) => patient);
}

/** The ids of those of whom a catchment's rule cannot tell at present whether they are in. */
export async function suspendedIds(reader: Reader, catchment: string, limit: number): Promise<string[]> {
  return (await reader.all<{ patient: string }>(readSuspended, [catchment, limit])).map(({ patient }) => patient);
}

/** How many patients stand in each state, by catchment. */
export async function countMembers(
  reader: Reader,
): Promise<ReadonlyMap<string, Readonly<Record<MemberState, number>>>> {
  const counts = new Map<string, Record<MemberState, number>>();
  for (const { catchment, state, n } of await reader.all<{ catchment: string; state: MemberState; n: number }>(
    countByState,
  )) {
    const known = counts.get(catchment) ?? { member: 0, suspended: 0, left: 0 };
    known[state] = n;
    counts.set(catchment, known);
  }
  return counts;
}

export async function putMemberships(tx: Transaction, memberships: readonly Membership[]): Promise<void> {
  await putSome(
    tx,
    memberships.map(({ catchment, patient, state, since, reason }) => [catchment, patient, state, since, reason]),
  );
}
