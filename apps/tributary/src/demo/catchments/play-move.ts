import { parseReference } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { checkLoadAnswer } from "../../load/check-load-answer.ts";
import { type Holdings, readHoldings } from "../compare-nodes.ts";
import { type FhirClient, fhirClientFor } from "../fhir-client.ts";
import type { Stage } from "../stage.ts";
import { untilInStep } from "../watch-stage.ts";
import { southTown } from "./clinic-catchment.ts";
import { type PatientsAt, readPatientsAt, recordsOf } from "./patients-at.ts";

/** What became of a patient who moved from one clinic's catchment to another's. */
export interface Move {
  /** As `Patient/id`. */
  readonly patient: string;
  readonly from: string;
  readonly to: string;
  /** The patient's records at the parent, and how many of them the new clinic has; as many is right. */
  readonly records: number;
  readonly there: number;
  /** Records of the patient that are still at the old clinic; 0 is right. */
  readonly left: number;
  /** Whether a note that the old clinic wrote, and had not sent when the patient moved, is at the parent and the new clinic. */
  readonly lateNote: boolean;
}

/**
 * Lets a patient move while the old clinic is cut off with a note that it has not sent; `null` when none of the patients
 * has a home in its catchment alone.
 */
export async function playMove(stage: Stage): Promise<Move | null> {
  const { plan, parent, children, lines, client } = stage;
  const [from, to] = [children[0]!, children[1]!];
  const { terminal, signal } = plan;
  await untilInStep(stage);
  const patient = await chooseWhoMoves(stage);
  if (patient === undefined) return null;
  const clinic = fhirClientFor(from.url, await from.createToken("move"), signal);
  lines[0]!.cut();
  const note = await writeNote(clinic, patient);
  terminal.redraw(`${patient} moves from ${from.name} to ${to.name} …`);
  await moveHome(client, patient);
  await untilInStep({ ...stage, children: [to] });
  lines[0]!.mend();
  await untilInStep(stage, 2);
  const [above, before, after] = await Promise.all(
    [parent, from, to].map(async (one) => readHoldings(await one.database())),
  );
  const at = await readPatientsAt(await parent.database(), above!);
  const count = (held: Holdings) => recordsOf(parseReference(patient)!.id, held, at).length;
  return {
    patient,
    from: from.name,
    to: to.name,
    records: count(above!),
    there: count(after!),
    left: count(before!),
    lateNote: above!.has(note) && after!.has(note),
  };
}

/** Whether the patient, if there was one, went over whole. */
export function isWholeMove(move: Move | null): boolean {
  return move === null || (move.records === move.there && move.left === 0 && move.lateNote);
}

/** The patient with the longest history among those who are the first clinic's and not the second's. */
async function chooseWhoMoves({ parent, children, clinics }: Stage): Promise<string | undefined> {
  const database = await parent.database();
  const at = await readPatientsAt(database, await readHoldings(database));
  const [from, to] = children.map(({ name }) => clinics.get(name)!);
  const records = countRecords(at);
  const candidates = [...at.townsOf]
    .filter(([, towns]) => from!.holds(towns) && !to!.holds(towns))
    .map(([patient]) => ({ patient, records: records.get(patient) ?? 0 }))
    .sort((one, other) => other.records - one.records || one.patient.localeCompare(other.patient));
  return candidates[0] && `Patient/${candidates[0].patient}`;
}

function countRecords({ patientOf }: PatientsAt): Map<string, number> {
  const counts = new Map<string, number>();
  for (const patient of patientOf.values()) if (patient !== null) counts.set(patient, (counts.get(patient) ?? 0) + 1);
  return counts;
}

async function writeNote(clinic: FhirClient, patient: string): Promise<string> {
  const resource = {
    resourceType: "Observation",
    status: "final",
    code: { text: "Referral note" },
    subject: { reference: patient },
    valueString: "Written before the clinic knew that the patient had moved.",
  };
  const entry = [{ resource, request: { method: "POST", url: "Observation" } }];
  const text = JSON.stringify({ resourceType: "Bundle", type: "transaction", entry });
  const answer = await clinic("POST", "", { text });
  return checkLoadAnswer("The note of the old clinic", answer.status, answer.body).written[0] ?? "";
}

async function moveHome(parent: FhirClient, patient: string): Promise<void> {
  const operation = { op: "add", path: "/address", value: [{ use: "home", city: southTown }] };
  const text = JSON.stringify([operation]);
  const { status } = await parent("PATCH", `/${patient}`, { text, type: "application/json-patch+json" });
  if (status >= 300) throw new TributaryError("REMOTE_UNAVAILABLE", `The parent refused the move with HTTP ${status}.`);
}
