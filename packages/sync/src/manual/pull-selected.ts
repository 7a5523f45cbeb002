import type { Database } from "@tributary/database";
import { type ResourceKey, type ResourceStore, referenceTo } from "@tributary/fhir";
import { readFailedPullsOf } from "../pull/failed-pulls.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import type { ParentSource } from "../pull/parent-source.ts";
import { fetchWithNeeds } from "../replicate.ts";
import { entryAbout, type StreamEntry } from "../stream/stream-entry.ts";
import type { SelectedPage, SelectedRecord } from "./find-selected.ts";
import type { ManualResult } from "./manual-request.ts";

export interface PullSelectedOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly parent: string;
  readonly source: ParentSource;
  readonly target: LocalTarget;
}

/**
 * Takes chosen records of the parent in, by the rules and under the transactions of every pull, with what they refer to and
 * was never here; the marker stays where it is. Throws what the line throws; what was taken in by then stays.
 */
export async function* pullSelected(
  pages: AsyncIterable<SelectedPage>,
  options: PullSelectedOptions,
  signal: AbortSignal,
): AsyncGenerator<ManualResult[]> {
  const { source, target } = options;
  for await (const { records, missing } of pages) {
    const versionsBefore = await versionsOf(records, options);
    const entries = records.map(entryOf);
    const { wanted, settled } = await target.select(entries);
    for await (const fetched of fetchWithNeeds(source, target, wanted, signal)) {
      await target.apply({ ...fetched, settled: [], through: undefined });
    }
    await target.apply({ contents: [], missing: [], settled, through: undefined });
    const results = await resultsOf(records, versionsBefore, options);
    yield [...results, ...missing.map((key) => resultOf(key, "not-found"))];
  }
}

async function resultsOf(
  records: readonly SelectedRecord[],
  versionsBefore: ReadonlyMap<string, number>,
  options: PullSelectedOptions,
): Promise<ManualResult[]> {
  const versions = await versionsOf(records, options);
  const failed = await readFailedPullsOf(options.database, options.parent, records);
  return records.map((record) => {
    const name = referenceTo(record);
    const reason = failed.get(name);
    if (reason !== undefined) return { ...resultOf(record, "parked"), reason };
    return resultOf(record, versions.get(name) === versionsBefore.get(name) ? "unchanged" : "applied");
  });
}

async function versionsOf(
  records: readonly ResourceKey[],
  { database, store }: PullSelectedOptions,
): Promise<ReadonlyMap<string, number>> {
  const found = await store.readMany(
    database,
    records.map(({ type, id }) => ({ type, id })),
  );
  return new Map([...found].map(([name, { version }]) => [name, version]));
}

function resultOf({ type, id }: ResourceKey, outcome: ManualResult["outcome"]): ManualResult {
  return { type, id, direction: "pull", outcome, conflicts: 0, reason: null };
}

/** What a selection tells of a record, as a stream would announce it. */
export function entryOf(record: SelectedRecord): StreamEntry {
  const { version, isDeleted, bodyDigest } = record;
  return { ...entryAbout(record, version), isDeleted, bodyDigest };
}
