import { type Reader, type Sql, sql } from "@tributary/database";
import type { Membership } from "./members.ts";

/** What a list of the patients of a catchment is sorted by: the id, or when each came to stand so. */
export type MemberSort = "patient" | "since";

/** Which patients of a catchment are asked for, and in which order; what is left out is not asked about. */
export interface MemberQuery {
  /** Where the page before ended, in a list that was sorted in the same way. */
  readonly after?: MemberPlace | undefined;
  /** Members and suspended ones when left out. */
  readonly state?: Membership["state"] | undefined;
  /** What the patient's id begins with. */
  readonly begins?: string | undefined;
  /** By id when nothing is said. */
  readonly sort?: MemberSort;
  readonly order?: "asc" | "desc";
}

/** Where a patient stands in such a list; `since` counts only where the list is sorted by it. */
export type MemberPlace = Pick<Membership, "patient" | "since">;

const lists: Readonly<Record<MemberSort, Readonly<Record<"asc" | "desc", Sql>>>> = {
  patient: { asc: byPatient("asc", ">"), desc: byPatient("desc", "<") },
  since: { asc: bySince("asc", ">"), desc: bySince("desc", "<") },
};
/** Places before the first patient. Ids have no letter behind this one. */
const begin = { asc: { patient: "", since: -1 }, desc: { patient: "~", since: Number.MAX_SAFE_INTEGER } } as const;

/** A page of the patients of a catchment, alike ones by id: a range of keys, however many there are. */
export function findMembers(
  reader: Reader,
  catchment: string,
  { after, state, begins = "", sort = "patient", order = "asc" }: MemberQuery,
  limit: number,
): Promise<Membership[]> {
  const { patient, since } = after ?? begin[order];
  const place = sort === "patient" ? [patient] : [since, patient];
  return reader.all<Membership>(lists[sort][order], [catchment, state ?? null, begins, `${begins}~`, limit, ...place]);
}

function byPatient(order: "asc" | "desc", behind: ">" | "<"): Sql {
  return sql(`
    select catchment, patient, state, since, reason from catchment_members
    where catchment = $1 and patient ${behind} $6 and patient >= $3 and patient < $4
      and ((cast($2 as text) is null and state <> 'left') or state = $2)
    order by patient ${order} limit $5`);
}

/** Its index has the state and the id of a patient, so that what is filtered out is passed over without a row. */
function bySince(order: "asc" | "desc", behind: ">" | "<"): Sql {
  const where = (patient: string) => `
    select catchment, patient, state, since, reason from catchment_members
    where catchment = $1 and (since, patient) ${behind} ($6, $7) and ${patient} >= $3 and ${patient} < $4
      and ((cast($2 as text) is null and state <> 'left') or state = $2)
    order by since ${order}, patient ${order} limit $5`;
  // Without the sign, SQLite would read the whole catchment by id and sort it.
  return sql({ sqlite: where("+patient"), postgres: where("patient") });
}
