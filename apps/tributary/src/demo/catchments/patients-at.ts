import type { Database } from "@tributary/database";
import { EventBus } from "@tributary/events";
import { parseReference, patientsOfRecords, ResourceStore } from "@tributary/fhir";
import { type NodeId, systemClock } from "@tributary/kernel";
import { readCatchmentState } from "@tributary/sync";
import type { Holdings } from "../compare-nodes.ts";
import type { ClinicCatchment } from "./clinic-catchment.ts";
import { homeTownsOf } from "./home-towns.ts";

/** Records looked up at a time. */
const pageRecords = 1_000;

/** Whose the records of a parent are, and where those people live. */
export interface PatientsAt {
  /** Of each record, as `Type/id`, the patient's id; `null` for what belongs to nobody. */
  readonly patientOf: ReadonlyMap<string, string | null>;
  /** The home towns of each living patient, in small letters. */
  readonly townsOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** The resource types that every child may have. */
  readonly typesForAll: ReadonlySet<string>;
}

/** Looks up whose the records of a parent are; the parent's own list of members is not asked. */
export async function readPatientsAt(parent: Database, held: Holdings): Promise<PatientsAt> {
  const store = new ResourceStore({ nodeId: "observer" as NodeId, bus: new EventBus(), clock: systemClock });
  const patientOf = new Map<string, string | null>();
  const townsOf = new Map<string, ReadonlySet<string>>();
  const keys = [...held.keys()].flatMap((reference) => parseReference(reference) ?? []);
  for (let at = 0; at < keys.length; at += pageRecords) {
    const page = keys.slice(at, at + pageRecords);
    for (const [reference, patient] of await patientsOfRecords(parent, page)) patientOf.set(reference, patient);
    const patients = await store.readMany(
      parent,
      page.filter(({ type }) => type === "Patient"),
    );
    for (const { key, body } of patients.values()) townsOf.set(key.id, homeTownsOf(JSON.parse(body ?? "null")));
  }
  return { patientOf, townsOf, typesForAll: (await readCatchmentState(parent)).metadataTypes };
}

/** What a clinic is to hold of what its parent holds: its patients' records, and those that are for every child. */
export function shareOf(clinic: ClinicCatchment, held: Holdings, at: PatientsAt): Holdings {
  const isTheirs = (reference: string) => {
    const patient = at.patientOf.get(reference) ?? null;
    if (patient === null) return at.typesForAll.has(reference.slice(0, reference.indexOf("/")));
    const towns = at.townsOf.get(patient);
    return towns !== undefined && clinic.holds(towns);
  };
  return new Map([...held].filter(([reference]) => isTheirs(reference)));
}

/** The records of one patient among those that a node holds. */
export function recordsOf(patient: string, held: Holdings, { patientOf }: PatientsAt): string[] {
  return [...held.keys()].filter((reference) => patientOf.get(reference) === patient);
}
