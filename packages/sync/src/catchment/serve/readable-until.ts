import type { Reader } from "@tributary/database";
import { patientsOfRecords, type ResourceKey, referenceTo } from "@tributary/fhir";
import { everythingCatchment } from "../catchment-name.ts";
import { formerCatchments } from "../child-assignments.ts";
import { membershipsOf } from "../members.ts";
import { visibilityOf } from "../visibility.ts";

/**
 * Until when, by this node's clock, a child could read some records that are here, by `Type/id`: `Infinity` when it may now,
 * `undefined` when it is not known ever to have had them. Those that never were here are absent.
 */
export async function readableUntil(
  reader: Reader,
  child: string,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const patients = await patientsOfRecords(reader, keys);
  const visibility = await visibilityOf(reader, child);
  const now = await visibility.mayRead(reader, keys);
  const former = await formerCatchments(reader, child);
  const named = [...new Set([...patients.values()].filter((patient) => patient !== null))];
  const untilOf = new Map<string, number>(former.map(({ catchment, until }) => [catchment, until]));
  const everything = untilOf.get(everythingCatchment);
  if (visibility.catchment !== undefined) untilOf.set(visibility.catchment, Number.POSITIVE_INFINITY);
  const had = new Map<string, number>();
  for (const { catchment, patient, state, since } of await membershipsOf(reader, named)) {
    const until = untilOf.get(catchment);
    if (until === undefined) continue;
    had.set(patient, Math.max(had.get(patient) ?? 0, state === "member" ? until : Math.min(until, since)));
  }
  const untilFor = (key: ResourceKey, patient: string | null): number | undefined => {
    if (now.has(referenceTo(key))) return Number.POSITIVE_INFINITY;
    const until = patient === null ? undefined : had.get(patient);
    return until === undefined ? everything : Math.max(until, everything ?? 0);
  };
  return new Map(
    keys.flatMap((key): [string, number | undefined][] => {
      const patient = patients.get(referenceTo(key));
      return patient === undefined ? [] : [[referenceTo(key), untilFor(key, patient)]];
    }),
  );
}
