import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "../model/resource-key.ts";
import { type StoredVersion, storedVersionOf, type VersionRow, versionColumns } from "./stored-version.ts";

/** One version and where it stands in the history. */
export interface HistoryEntry {
  readonly stored: StoredVersion;
  readonly place: HistoryPlace;
}

/** A place in the history; the page behind it begins with the next older version. */
export interface HistoryPlace {
  readonly lastUpdated: number;
  readonly versionKey: number;
}

/** What of the history is asked for. */
export interface HistoryRequest {
  /** One record, one type, all records of a patient, or (when left out) the whole node. */
  readonly of?: ResourceKey | { readonly type: string } | { readonly patient: string };
  /** Only versions written at or after this moment, in milliseconds since 1970. */
  readonly since?: number;
  readonly before?: HistoryPlace;
  readonly limit: number;
}

const newestFirst = `and v.last_updated >= $1 and (v.last_updated, v.version_key) < ($2, $3)
  order by v.last_updated desc, v.version_key desc
  limit $4`;

const selectOfNode = sql(
  `select ${versionColumns}
  from resource_version v join resource r on r.resource_key = v.resource_key
  where 1 = 1 ${newestFirst}`,
);

const selectOfType = sql(
  `select ${versionColumns}
  from resource_version v join resource r on r.resource_key = v.resource_key
  where v.type = $5 ${newestFirst}`,
);

const selectOfPatient = sql(
  `select ${versionColumns}
  from resource r join resource_version v on v.resource_key = r.resource_key
  where r.patient = $5 ${newestFirst}`,
);

const selectOfRecord = sql(
  `select ${versionColumns}
  from resource r join resource_version v on v.resource_key = r.resource_key
  where r.type = $4 and r.id = $5 and v.last_updated >= $1 and v.version_key < $2
  order by v.version desc
  limit $3`,
);

const endOfTime = Number.MAX_SAFE_INTEGER;

/**
 * Reads a page of history, newest first, deletions included. Pages are key ranges: what is written meanwhile neither
 * repeats nor hides a version on a later page.
 */
export async function readHistory(reader: Reader, request: HistoryRequest): Promise<HistoryEntry[]> {
  const { of, since = 0, before, limit } = request;
  const { lastUpdated, versionKey } = before ?? { lastUpdated: endOfTime, versionKey: endOfTime };
  let rows: VersionRow[];
  if (!of) rows = await reader.all(selectOfNode, [since, lastUpdated, versionKey, limit]);
  else if ("id" in of) rows = await reader.all(selectOfRecord, [since, versionKey, limit, of.type, of.id]);
  else if ("patient" in of)
    rows = await reader.all(selectOfPatient, [since, lastUpdated, versionKey, limit, of.patient]);
  else rows = await reader.all(selectOfType, [since, lastUpdated, versionKey, limit, of.type]);
  return rows.map((row) => ({
    stored: storedVersionOf(row),
    place: { lastUpdated: row.last_updated, versionKey: row.version_key },
  }));
}
