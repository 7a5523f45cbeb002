import type { Database } from "@tributary/database";
import { nextPatients } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { membershipsOf } from "./members.ts";
import type { Memberships } from "./memberships.ts";
import type { CatchmentRule } from "./rule/catchment-rule.ts";

const portionPatients = 500;
/** Patients that a preview names; of the others it tells how many they are. */
const namedMax = 1_000;

/** What a rule would change if it were put into force now. */
export interface RulePreview {
  /** How many patients it holds of, and of how many it cannot be evaluated. */
  readonly members: number;
  readonly undecided: number;
  readonly entering: number;
  readonly leaving: number;
  /** Ids of the first of them. */
  readonly enteringPatients: readonly string[];
  readonly leavingPatients: readonly string[];
}

/** Tells which patients a rule would let in and out, and writes nothing. Throws `CATCHMENT_REFUSED` for one that cannot be read. */
export async function previewRule(
  database: Database,
  memberships: Memberships,
  { name, rule }: { readonly name: string; readonly rule: unknown },
): Promise<RulePreview> {
  const fault = memberships.rules.faultOf(rule);
  if (fault !== undefined) throw new TributaryError("CATCHMENT_REFUSED", fault);
  const rules = memberships.rules.of([{ name, version: 0, rule: rule as CatchmentRule }]);
  const counts = { members: 0, undecided: 0, entering: 0, leaving: 0 };
  const enteringPatients: string[] = [];
  const leavingPatients: string[] = [];
  for (let after = ""; ; ) {
    const patients = await nextPatients(database, after, portionPatients);
    const last = patients.at(-1);
    if (last === undefined) return { ...counts, enteringPatients, leavingPatients };
    after = last;
    const { told, here } = await database.snapshot(async (reader) => ({
      told: await memberships.ask(reader, patients, rules),
      here: await membershipsOf(reader, patients),
    }));
    const isIn = new Set(
      here.filter((one) => one.catchment === name && one.state !== "left").map(({ patient }) => patient),
    );
    for (const [at, patient] of patients.entries()) {
      const holds = told[at]?.get(name);
      if (holds === true) counts.members += 1;
      if (holds === undefined) counts.undecided += 1;
      if (holds === true && !isIn.has(patient)) {
        counts.entering += 1;
        if (enteringPatients.length < namedMax) enteringPatients.push(patient);
      }
      if (holds === false && isIn.has(patient)) {
        counts.leaving += 1;
        if (leavingPatients.length < namedMax) leavingPatients.push(patient);
      }
    }
  }
}
