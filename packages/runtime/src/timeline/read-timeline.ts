import { type AuditEntry, type AuditOperation, readAuditOfRecord, readForeignAuditOfRecord } from "@tributary/audit";
import type { Reader } from "@tributary/database";
import {
  type JsonObject,
  parseLossless,
  type ResourceKey,
  type ResourceOperation,
  type ResourceStore,
  type StoredVersion,
} from "@tributary/fhir";
import { changedElements, type ElementChange } from "@tributary/sync";
import { operationsOf, tellingOf, type Whereabouts, whereaboutsOf } from "./whereabouts.ts";

/** Versions in one timeline at the most, the latest ones; all their bodies are held at once to be compared. */
export const timelineVersionsMax = 200;
/** Entries of the trail that are looked through; a version has one, and one more for each link that it went over. */
const auditEntriesMax = timelineVersionsMax * 10;

/** One version of a record, as this node came to have it. */
export interface TimelineEntry {
  /** Counts from 1 on this node. */
  readonly version: number;
  /** When it was written here, in milliseconds since 1970. Order rests on `version`, never on this. */
  readonly at: number;
  readonly operation: ResourceOperation;
  /** The node on which a hand wrote this content, or on which it was merged. */
  readonly originNode: string;
  readonly author: string | null;
  /** How it came here: written here, pulled, pushed, merged …; `null` when the trail does not tell. */
  readonly cameBy: AuditOperation | null;
  /** The node from which it came, or `null` when it was written here. */
  readonly link: string | null;
  /** What it changed in the version before; every element when there was none, or it is a deletion. */
  readonly changes: readonly ElementChange[];
  /** All that the trail tells of this version, the earliest first: its coming, and where it was taken afterwards. */
  readonly trail: readonly AuditEntry[];
  /** What other nodes told of this content, in the order in which it came here; their versions count by themselves. */
  readonly elsewhere: readonly AuditEntry[];
}

/** Every version of one record, as one node knows them. */
export interface Timeline {
  readonly key: ResourceKey;
  /** Without holes, the oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** Whether there are versions before the first one here, because there are more than `timelineVersionsMax`. */
  readonly isCut: boolean;
  /** Where the latest version is besides here, by node, as far as it is known here. */
  readonly whereabouts: readonly Whereabouts[];
  /** What other nodes told of the record and of none of these versions: what has not come here, and failed attempts. */
  readonly others: readonly AuditEntry[];
}

/**
 * Reads what became of a record: who changed what, when, where, and over which link it came. Returns `undefined` when
 * this node never had it. Hand in a snapshot for a timeline that is true of one moment.
 */
export async function readTimeline(
  reader: Reader,
  store: ResourceStore,
  key: ResourceKey,
): Promise<Timeline | undefined> {
  // One more than is told, to compare the first of them with.
  const newestFirst = await store.history(reader, { of: key, limit: timelineVersionsMax + 1 });
  if (newestFirst.length === 0) return undefined;
  const versions = newestFirst.map(({ stored }) => stored).reverse();
  const isCut = versions.length > timelineVersionsMax;
  const reference = `${key.type}/${key.id}`;
  const trails = byVersion(await readAuditOfRecord(reader, reference, auditEntriesMax));
  const foreign = (await readForeignAuditOfRecord(reader, reference, auditEntriesMax)).reverse();
  const entries: TimelineEntry[] = [];
  let before: JsonObject | undefined;
  for (const version of versions) {
    const after = bodyOf(version);
    const trail = trails.get(version.version) ?? [];
    const elsewhere = tellingOf(operationsOf(version.originOperation, trail), foreign);
    entries.push({ ...entryOf(version, trail, changedElements(key.type, before, after)), elsewhere });
    before = after;
  }
  const told = new Set(entries.flatMap(({ elsewhere }) => elsewhere));
  return {
    key,
    entries: isCut ? entries.slice(1) : entries,
    isCut,
    whereabouts: whereaboutsOf(entries.at(-1)!, foreign),
    others: foreign.filter((entry) => !told.has(entry)),
  };
}

function entryOf(
  { version, lastUpdated, operation, originNode, author }: StoredVersion,
  trail: readonly AuditEntry[],
  changes: readonly ElementChange[],
): Omit<TimelineEntry, "elsewhere"> {
  const coming = trail.find(({ versionBefore }) => versionBefore !== version);
  return {
    version,
    at: lastUpdated,
    operation,
    originNode,
    author,
    cameBy: coming?.operation ?? null,
    link: coming?.link ?? null,
    changes,
    trail,
  };
}

function byVersion(latestFirst: readonly AuditEntry[]): ReadonlyMap<number | null, readonly AuditEntry[]> {
  return Map.groupBy(latestFirst.toReversed(), ({ versionAfter }) => versionAfter);
}

function bodyOf({ body }: StoredVersion): JsonObject | undefined {
  return body === undefined ? undefined : (parseLossless(body) as JsonObject);
}
