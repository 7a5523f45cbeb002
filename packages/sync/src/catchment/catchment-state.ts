import { type Reader, sql, type Transaction } from "@tributary/database";
import { defaultMetadataTypes } from "./metadata-types.ts";

/** What every transaction asks first: whether the rules or the places have changed since they were last read. */
export interface CatchmentState {
  /** Counts the changes of rules; 0 as long as there never was one. */
  readonly generation: number;
  /** Counts the writes of Locations and Organizations. */
  readonly places: number;
  readonly metadataTypes: ReadonlySet<string>;
}

interface StateRow {
  readonly generation: number;
  readonly places: number;
  readonly metadata_types: string | null;
}

const readState = sql("select generation, places, metadata_types from catchment_state");
const nextGeneration = sql("update catchment_state set generation = generation + 1");
const nextPlaces = sql("update catchment_state set places = places + 1");
const setTypes = sql("update catchment_state set metadata_types = $1, generation = generation + 1");

/** The types that every child may have where nobody has named others. */
export const standardMetadataTypes: ReadonlySet<string> = new Set(defaultMetadataTypes);

/** Reads what every decision about memberships rests on: which rules, which places, which types for every child. */
export async function readCatchmentState(reader: Reader): Promise<CatchmentState> {
  const row = await reader.first<StateRow>(readState);
  const types = row?.metadata_types;
  return {
    generation: row?.generation ?? 0,
    places: row?.places ?? 0,
    metadataTypes: types ? new Set(types.split(" ")) : standardMetadataTypes,
  };
}

/** Makes every process read the rules anew. */
export async function countRuleChange(tx: Transaction): Promise<void> {
  await tx.run(nextGeneration);
}

/** Makes every process read the hierarchy of places anew. */
export async function countPlaceChange(tx: Transaction): Promise<void> {
  await tx.run(nextPlaces);
}

/** Keeps which resource types every child may have; `undefined` for the usual ones. */
export async function keepMetadataTypes(tx: Transaction, types: readonly string[] | undefined): Promise<void> {
  await tx.run(setTypes, [types ? types.join(" ") : null]);
}
