import type { Database } from "@tributary/database";
import type { ResourceKey } from "@tributary/fhir";
import { selectedThere } from "../manual/selected-pages.ts";
import type { ParentLine } from "../parent-line.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import { countByType, type Forecast, type ForecastRecord, forecastOf } from "./forecast.ts";
import { countHeldPulls } from "./held-pulls.ts";
import { allowsType, type TypeFilter } from "./type-filter.ts";

export interface ForecastPullOptions {
  readonly database: Database;
  readonly line: Pick<ParentLine, "link" | "connection" | "source">;
  readonly target: LocalTarget;
  readonly types: TypeFilter;
}

/**
 * Tells what a pull would take in now: it reads the stream behind the marker, and asks the parent for the sizes of what
 * is news here, and for no content. What failed before is not among it. Throws what the line throws.
 */
export async function forecastPull(
  { database, line, target, types }: ForecastPullOptions,
  signal: AbortSignal,
): Promise<Forecast> {
  const wanted = new Map<string, ResourceKey>();
  const gone = new Map<string, ForecastRecord>();
  const held = new Map<string, ResourceKey>();
  for await (const { entries } of line.source.stretches(await target.marker(), signal)) {
    const selected = await target.select(entries);
    for (const { type, id } of selected.wanted) wanted.set(`${type}/${id}`, { type, id });
    for (const { type, id, isDeleted } of selected.settled) {
      wanted.delete(`${type}/${id}`);
      if (!allowsType(types, type)) held.set(`${type}/${id}`, { type, id });
      else if (isDeleted) gone.set(`${type}/${id}`, { type, size: 0 });
    }
  }
  const going = [...gone.values(), ...(await sizesOf([...wanted.values()], line, signal))];
  return forecastOf(going, await heldBack([...held.values()], { database, line, types }));
}

async function sizesOf(
  keys: readonly ResourceKey[],
  { connection }: Pick<ParentLine, "connection">,
  signal: AbortSignal,
): Promise<ForecastRecord[]> {
  const records: ForecastRecord[] = [];
  for await (const page of selectedThere(connection, { kind: "references", references: keys }, signal)) {
    records.push(...page.records);
  }
  return records;
}

/** What is held back already and stays so, and what would come to it. */
async function heldBack(
  coming: readonly ResourceKey[],
  { database, line, types }: Pick<ForecastPullOptions, "database" | "line" | "types">,
): Promise<Record<string, number>> {
  const counts = countByType(coming);
  for (const [type, count] of Object.entries(await countHeldPulls(database, line.link.parent))) {
    if (!allowsType(types, type)) counts[type] = (counts[type] ?? 0) + count;
  }
  return counts;
}
