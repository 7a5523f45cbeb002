import { readAuditOfRecord } from "@tributary/audit";
import type { Reader } from "@tributary/database";
import { originsOfPatients } from "@tributary/fhir";
import { findUnborn } from "../../push/unborn-records.ts";
import { everythingCatchment } from "../catchment-name.ts";
import { formerCatchments } from "../child-assignments.ts";
import { grantsAmong } from "../guest-grants.ts";
import { heldAmong } from "../known-holders.ts";
import { membershipsOf } from "../members.ts";

/** Entries of a patient's trail that are looked through for its first one. */
const entriesMax = 1_000;

/**
 * Of some patients those whom a child has or once had, as member or as guest, or who came here first through it. `null`, a
 * record of no patient, counts as never had.
 */
export async function patientsEverHad(
  reader: Reader,
  child: string,
  catchment: string,
  patients: readonly (string | null)[],
): Promise<ReadonlySet<string | null>> {
  const named = patients.filter((patient) => patient !== null);
  const former = await formerCatchments(reader, child);
  const catchments = new Set([catchment, ...former.map((one) => one.catchment)]);
  if (catchments.has(everythingCatchment)) return new Set(patients);
  const memberships = await membershipsOf(reader, named);
  const guests = await grantsAmong(reader, child, named);
  const had = new Set<string | null>([
    ...memberships.filter((one) => catchments.has(one.catchment)).map(({ patient }) => patient),
    ...guests.keys(),
    ...(await heldAmong(reader, child, named)),
  ]);
  for (const patient of named) {
    if (!had.has(patient) && (await cameThrough(reader, child, patient))) had.add(patient);
  }
  return had;
}

/**
 * Whether a patient came here first through a child: registered there, or at a node below it. A node that was restored may
 * have them back from its own parent; of who was deleted before the Patient came, the other records may be here.
 */
async function cameThrough(reader: Reader, child: string, patient: string): Promise<boolean> {
  const first = (await readAuditOfRecord(reader, `Patient/${patient}`, entriesMax)).find(
    ({ versionBefore, versionAfter }) => versionBefore === null && versionAfter !== null,
  );
  if (first?.operation === "push" && first.link === child) return true;
  const origin = (await originsOfPatients(reader, [patient])).get(patient);
  if (first !== undefined || origin !== undefined) return origin === child;
  return (await findUnborn(reader, [{ type: "Patient", id: patient }], child)).length > 0;
}
