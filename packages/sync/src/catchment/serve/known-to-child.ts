import { receivedOver } from "@tributary/audit";
import type { Reader } from "@tributary/database";
import { patientsOfRecords, type ResourceKey, referenceTo } from "@tributary/fhir";
import { findUnborn, whichAreKnown } from "../../push/unborn-records.ts";
import { collectiveTypes } from "../metadata-types.ts";
import { visibilityOf } from "../visibility.ts";
import { patientsEverHad } from "./patients-ever-had.ts";

/**
 * Which of some records, as `Type/id`, nobody needs to wait for who speaks for a child: those that are or were here and
 * of which it knows, and those that it said will never come. Of what is here besides the child learns nothing, and so it
 * waits as for what is not here.
 */
export async function knownToChild(
  reader: Reader,
  child: string,
  keys: readonly ResourceKey[],
): Promise<ReadonlySet<string>> {
  const here = await whichAreKnown(reader, keys);
  if (here.size === 0) return here;
  const visibility = await visibilityOf(reader, child);
  if (visibility.isEverything) return here;
  if (visibility.catchment === undefined) return new Set();
  const asked = keys.filter((key) => here.has(referenceTo(key)));
  const known = new Set(await visibility.mayRead(reader, asked));
  const hidden = asked.filter((key) => !known.has(referenceTo(key)));
  if (hidden.length === 0) return known;
  const patients = await patientsOfRecords(reader, hidden);
  const had = await patientsEverHad(reader, child, visibility.catchment, [...new Set(patients.values())]);
  for (const key of hidden) {
    const patient = patients.get(referenceTo(key));
    if (patient !== undefined && had.has(patient) && !collectiveTypes.has(key.type)) known.add(referenceTo(key));
  }
  for (const name of await receivedOver(reader, child, hidden.map(referenceTo))) known.add(name);
  for (const key of await findUnborn(reader, hidden, child)) known.add(referenceTo(key));
  return known;
}
