import { DatabaseSync } from "node:sqlite";
import type { SimNode } from "../world/sim-node.ts";
import { tokensIn } from "./ledger.ts";

/** What one node's disk holds, read with plain statements and without the node: the oracle asks the engine nothing. */
export interface Disk {
  readonly node: string;
  /** The current body of each record, or `undefined` for a deleted one, by `Type/id`. */
  readonly current: ReadonlyMap<string, string | undefined>;
  /** Everything that the node's conflict rows keep, by `Type/id`. */
  readonly conflicts: ReadonlyMap<string, readonly ConflictRow[]>;
  /** Every body that any version ever had. */
  readonly history: readonly { readonly name: string; readonly body: string | null }[];
  /** Who made the versions that are here, or are a side of a conflict: `Type/id@node:version`. */
  readonly versions: ReadonlySet<string>;
  /** Patients, as `Patient/id`, of whom it has let go with all their history at some time. */
  readonly purged: ReadonlySet<string>;
  /** Every value that stands in a version, in a conflict, or in a unit that waits for what it refers to. */
  readonly held: ReadonlySet<string>;
  /** Those that count as they stand: in a current version, in a conflict, or in a unit that waits. */
  readonly counted: ReadonlySet<string>;
}

export interface ConflictRow {
  readonly conflictId: string;
  readonly state: string;
  readonly path: string;
  readonly tokens: ReadonlySet<string>;
}

interface VersionRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly head: number;
  readonly body: string | null;
  readonly origin_node: string;
  readonly origin_version: number | null;
}

interface MeetingRow {
  readonly type: string;
  readonly id: string;
  readonly mine_node: string;
  readonly mine_version: number | null;
  readonly theirs_node: string;
  readonly theirs_version: number | null;
  readonly bodies: string;
}

const versionRows = `
  select head.type, head.id, one.version, head.version as head, one.body, one.origin_node, one.origin_version
  from resource_version as one join resource as head on head.resource_key = one.resource_key order by one.version`;
const conflictRows = "select conflict_id as conflictId, state, type, id, element from conflicts";
const meetingRows = `
  select distinct c.type, c.id, m.mine_node, m.mine_version, m.theirs_node, m.theirs_version,
    coalesce(m.base_body, '') || coalesce(m.mine_body, '') || coalesce(m.theirs_body, '') as bodies
  from conflict_meetings as m join conflicts as c on c.meeting_id = m.meeting_id`;
const purges = "select distinct reference from audit_entries where outcome = 'purged'";
const parkedRows = "select unit from parked_units";

/** Reads a node's disk, whether the node runs or not. */
export function readDisk({ name, file }: SimNode): Disk {
  using database = new DatabaseSync(file, { readOnly: true });
  const all = <Row>(statement: string) => database.prepare(statement).all() as Row[];
  const current = new Map<string, string | undefined>();
  const conflicts = new Map<string, ConflictRow[]>();
  const history: { name: string; body: string | null }[] = [];
  const versions = new Set<string>();
  const counted = new Set<string>();
  for (const row of all<VersionRow>(versionRows)) {
    const record = `${row.type}/${row.id}`;
    history.push({ name: record, body: row.body });
    versions.add(`${record}@${row.origin_node}:${row.origin_version ?? row.version}`);
    if (row.version !== row.head) continue;
    current.set(record, row.body ?? undefined);
    for (const token of tokensIn(row.body ?? "")) counted.add(token);
  }
  for (const row of all<{ conflictId: string; state: string; type: string; id: string; element: string }>(
    conflictRows,
  )) {
    const record = `${row.type}/${row.id}`;
    const { path } = JSON.parse(row.element) as { path: string };
    const { conflictId, state } = row;
    const tokens = tokensIn(row.element);
    conflicts.set(record, [...(conflicts.get(record) ?? []), { conflictId, state, path, tokens }]);
    for (const token of tokens) counted.add(token);
  }
  const held = new Set(counted);
  for (const { unit } of all<{ unit: string }>(parkedRows)) for (const token of tokensIn(unit)) counted.add(token);
  for (const row of all<MeetingRow>(meetingRows)) {
    for (const [node, version] of [
      [row.mine_node, row.mine_version],
      [row.theirs_node, row.theirs_version],
    ]) {
      versions.add(`${row.type}/${row.id}@${node}:${version}`);
    }
    for (const token of tokensIn(row.bodies)) held.add(token);
  }
  for (const token of counted) held.add(token);
  for (const { body } of history) for (const token of tokensIn(body ?? "")) held.add(token);
  const purged = new Set(all<{ reference: string }>(purges).map(({ reference }) => reference));
  return { node: name, purged, current, conflicts, history, versions, held, counted };
}

/** Which conflicts keep the whole of a record, on whatever disk. */
export function isContestedWhole(disks: readonly Disk[], record: string): boolean {
  const type = record.split("/", 1)[0];
  return disks.some(({ conflicts }) => conflicts.get(record)?.some(({ path }) => path === type));
}
