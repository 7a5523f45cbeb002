import { type Database, sql } from "@tributary/database";
import { openNodeDatabase, readConfig } from "@tributary/runtime";
import type { Site } from "../topology/tree.ts";

/** One version of one record at one node. */
export interface HeldVersion {
  /** `Type/id`. */
  readonly reference: string;
  readonly version: number;
  /** `null` where it was deleted. */
  readonly body: string | null;
  /** The operation by which a node pushed it, where it came that way. */
  readonly operation: string | null;
}

/** A row of a table, as it stands. */
export type Row = Readonly<Record<string, unknown>>;

/** What a node's database holds, read beside the node or after its death. */
export interface Holdings {
  readonly site: string;
  /** Every version, those of a record in their order. */
  readonly versions: readonly HeldVersion[];
  /** The newest version of each record. */
  readonly newest: ReadonlyMap<string, HeldVersion>;
  readonly conflicts: readonly Row[];
  /** Which version here and which at the parent were last alike. */
  readonly bases: ReadonlyMap<string, { readonly local: number; readonly remote: number }>;
  /** How far the main stream has been read. */
  readonly marker: { readonly stream: string; readonly epoch: string; readonly position: number } | undefined;
  /** The announced changes by stream, in the order of their positions. */
  readonly announced: readonly Announced[];
  /** The last position of each stream, whatever stands there. */
  readonly heads: ReadonlyMap<string, number>;
  readonly audit: readonly Row[];
  /** Records of the parent that could not be taken in yet. */
  readonly waiting: readonly string[];
  /** Units of own changes that have no verdict yet, and those that the parent refused. */
  readonly queued: number;
  readonly refused: number;
}

/** A change at its place in a stream. */
export interface Announced {
  readonly feed: string;
  readonly position: number;
  readonly reference: string;
  readonly version: number;
}

const readVersions = sql(`
  select v.type || '/' || r.id as reference, v.version, v.body, v.origin_operation as operation
  from resource_version v join resource r on r.resource_key = v.resource_key
  order by reference, v.version`);
const readConflicts = sql("select * from conflicts order by conflict_id");
const readBases = sql("select type || '/' || id as reference, local_version, remote_version from link_bases");
const readMarkers = sql("select stream, epoch, position from stream_markers order by stream");
const readAnnounced = sql(`
  select f.feed, f.feed_position as position, e.entity_type || '/' || e.entity_id as reference, e.version
  from event_record_feeds f join event_records e on e.id = f.record_id
  where e.event_type = 'resource.saved' order by f.feed, f.feed_position`);
const readHeads = sql("select feed, max(feed_position) as position from event_record_feeds group by feed");
const readAudit = sql("select * from audit_entries order by entry_id");
const readWaiting = sql("select type || '/' || id as reference from failed_pulls");
const countUnits = sql(`
  select count(*) as n, count(rejected_reason) as refused from push_units where is_discarded = 0`);
/** Streams beside the records' own: what a child follows of conflicts, metadata and the like. */
const sideStreams = /^(conflicts|metadata|audit)/;

export async function holdingsOf({ name, node }: Site): Promise<Holdings> {
  await using database = await openNodeDatabase(await readConfig(node.folder));
  return await readHoldings(name, database);
}

async function readHoldings(site: string, database: Database): Promise<Holdings> {
  const versions = await database.all<HeldVersion>(readVersions);
  const bases = await database.all<{ reference: string; local_version: number; remote_version: number }>(readBases);
  const units = await database.first<{ n: number; refused: number }>(countUnits);
  const markers = await database.all<NonNullable<Holdings["marker"]>>(readMarkers);
  return {
    site,
    versions,
    newest: new Map(versions.map((held) => [held.reference, held])),
    conflicts: await database.all<Row>(readConflicts),
    bases: new Map(
      bases.map(({ reference, local_version: local, remote_version: remote }) => [reference, { local, remote }]),
    ),
    marker: markers.find(({ stream }) => !sideStreams.test(stream)),
    announced: await database.all<Announced>(readAnnounced),
    heads: new Map(
      (await database.all<{ feed: string; position: number }>(readHeads)).map(({ feed, position }) => [feed, position]),
    ),
    audit: await database.all<Row>(readAudit),
    waiting: (await database.all<{ reference: string }>(readWaiting)).map(({ reference }) => reference),
    queued: (units?.n ?? 0) - (units?.refused ?? 0),
    refused: units?.refused ?? 0,
  };
}

/** Where the stream of a child's marker ends at its parent; 0 where nothing has been announced. */
export function headFor({ heads }: Holdings, marker: Holdings["marker"]): number {
  return heads.get(`stream:${marker?.stream}`) ?? 0;
}

/** The body of every living record. */
export function livingOf({ newest }: Holdings): ReadonlyMap<string, string> {
  return new Map([...newest].flatMap(([name, { body }]) => (body === null ? [] : [[name, body] as const])));
}
