import type { Reader, Transaction } from "@tributary/database";
import { keysOfCompartments, nextPatientsHere, patientsOfRecords, referenceTo } from "@tributary/fhir";
import { listDisputedRecords } from "../../conflict/conflicts.ts";
import { readFailedPullsOf } from "../../pull/failed-pulls.ts";
import { readLinkBases } from "../../pull/link-base.ts";
import { readHeldUnits, readQueuedUnits } from "../../push/queue/read-units.ts";
import { metadataCompartment } from "../serve/compartment-batch.ts";
import { fetchesAmong, readFetches } from "./compartment-fetches.ts";
import { departedAmong } from "./departures.ts";
import { patientsGathered } from "./gathered-records.ts";
import { guestsAmong } from "./guest-patients.ts";
import { depart, type MovementOptions } from "./receive-movements.ts";

/** Patients here that are looked at in one step. */
const patientsPerStep = 500;

/**
 * Lets go of whom the parent may know and does not name. Who was registered here and has not been told to the parent yet
 * stays; who has been told, and of whom there is no verdict yet, leaves once there is one.
 */
export async function letOthersLeave(
  tx: Transaction,
  staying: ReadonlySet<string>,
  options: MovementOptions,
): Promise<void> {
  const { parent } = options;
  const told = await toldWithoutVerdict(tx, parent);
  for (let after = ""; ; ) {
    const here = await nextPatientsHere(tx, after, patientsPerStep);
    const last = here.at(-1);
    if (last === undefined) break;
    after = last;
    const others = here.filter((patient) => !staying.has(patient));
    const guests = await guestsAmong(tx, others);
    const asked = others.filter((patient) => !guests.has(patient));
    const known = await knownToParent(tx, parent, asked);
    await depart(
      tx,
      asked.filter((patient) => known.has(patient) || told.has(patient)),
      options,
    );
  }
  await depart(tx, await disputedOnly(tx, staying, options), options);
  const coming = (await patientsComing(tx, parent)).filter((patient) => !staying.has(patient));
  const guests = await guestsAmong(tx, coming);
  await depart(
    tx,
    coming.filter((patient) => !guests.has(patient)),
    options,
  );
}

/** Those whose compartments are being fetched: a part may have come, or have come once and been dropped since. */
async function patientsComing(tx: Transaction, parent: string): Promise<string[]> {
  const fetches = await readFetches(tx, parent, Number.MAX_SAFE_INTEGER);
  const coming = new Set([...(await patientsGathered(tx, parent)), ...fetches.map(({ patient }) => patient)]);
  coming.delete(metadataCompartment);
  return [...coming];
}

/** Those of whom nothing is here but conflicts, as a rule since they were deleted before they came. */
async function disputedOnly(
  tx: Transaction,
  staying: ReadonlySet<string>,
  { parent }: MovementOptions,
): Promise<string[]> {
  const records = await listDisputedRecords(tx, parent);
  const patients = await patientsOfRecords(tx, records);
  const named = records.flatMap((record) => {
    const patient = record.type === "Patient" ? record.id : patients.get(referenceTo(record));
    return patient === null ? [] : [patient ?? referenceTo(record)];
  });
  const others = [...new Set(named)].filter((name) => !staying.has(name));
  const known = new Set([...(await guestsAmong(tx, others)), ...(await departedAmong(tx, others))]);
  return others.filter((name) => !known.has(name));
}

/** Those with a record that was agreed on with the parent, or that the parent has announced. */
async function knownToParent(
  reader: Reader,
  parent: string,
  patients: readonly string[],
): Promise<ReadonlySet<string>> {
  const keys = await keysOfCompartments(reader, patients);
  const bases = await readLinkBases(reader, parent, keys);
  const announced = await readFailedPullsOf(reader, parent, keys);
  const known = keys.filter(({ type, id }) => bases.has(`${type}/${id}`) || announced.has(`${type}/${id}`));
  const based = await patientsOfRecords(reader, known);
  const entered = await fetchesAmong(reader, parent, patients);
  return new Set([...[...based.values()].filter((patient) => patient !== null), ...entered.keys()]);
}

/** Those of whom something was sent whose verdict is not known: an answer may have been lost. */
async function toldWithoutVerdict(reader: Reader, parent: string): Promise<ReadonlySet<string>> {
  const queued = await readQueuedUnits(reader, parent, Number.MAX_SAFE_INTEGER);
  const sent = [...queued.filter(({ isSent }) => isSent), ...(await readHeldUnits(reader, parent))];
  const patients = await patientsOfRecords(
    reader,
    sent.flatMap(({ changes }) => changes.map(({ type, id }) => ({ type, id }))),
  );
  return new Set([...patients.values()].filter((patient) => patient !== null));
}
