import type { Reader } from "@tributary/database";
import { patientsOfRecords, type ResourceKey, referenceTo } from "@tributary/fhir";
import { readCatchmentState } from "../catchment/catchment-state.ts";
import { listCatchments } from "../catchment/catchments.ts";
import { membershipsOf } from "../catchment/members.ts";
import { conflictsOfCatchment } from "./conflict-changed.ts";

/**
 * The streams in which conflicts of some records are announced, by `Type/id`: those of the catchments that have the
 * record's patient as a member now, and of all catchments for a record that is for every child.
 */
export async function conflictStreamsOf(
  reader: Reader,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { generation, metadataTypes } = await readCatchmentState(reader);
  if (generation === 0) return new Map();
  const patients = await patientsOfRecords(reader, keys);
  const named = [...new Set([...patients.values()].filter((patient) => patient !== null))];
  const members = (await membershipsOf(reader, named)).filter(({ state }) => state === "member");
  const byPatient = Map.groupBy(members, ({ patient }) => patient);
  const isForAll = keys.some(({ type }) => metadataTypes.has(type));
  const all = isForAll ? (await listCatchments(reader)).map(({ name }) => name) : [];
  return new Map(
    keys.map((key) => {
      const patient = patients.get(referenceTo(key)) ?? null;
      const catchments =
        patient === null
          ? metadataTypes.has(key.type)
            ? all
            : []
          : (byPatient.get(patient) ?? []).map(({ catchment }) => catchment);
      return [referenceTo(key), catchments.map(conflictsOfCatchment)];
    }),
  );
}
