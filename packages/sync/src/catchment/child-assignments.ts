import { type Reader, sql, type Transaction } from "@tributary/database";
import { readFeedHead, readLogIdentity, streamFeed } from "@tributary/events";
import { catchmentStream } from "./catchment-name.ts";

/** Which catchment a child has, and from where on it may read the catchment's stream. */
export interface ChildAssignment {
  readonly node: string;
  readonly catchment: string;
  readonly assignedAt: number;
  readonly assignedBy: string;
  /** The stream's history at that time, and its last position then: what was announced before is not the child's. */
  readonly fromEpoch: string;
  readonly fromPosition: number;
}

interface AssignmentRow {
  readonly node: string;
  readonly catchment: string;
  readonly assigned_at: number;
  readonly assigned_by: string;
  readonly from_epoch: string;
  readonly from_position: number;
}

const columns = "node, catchment, assigned_at, assigned_by, from_epoch, from_position";
const readOne = sql(`select ${columns} from child_catchments where node = $1`);
const readAll = sql(`select ${columns} from child_catchments order by node`);
const putOne = sql(`
  insert into child_catchments (${columns}) values ($1, $2, $3, $4, $5, $6)
  on conflict (node) do update set
    catchment = excluded.catchment, assigned_at = excluded.assigned_at, assigned_by = excluded.assigned_by,
    from_epoch = excluded.from_epoch, from_position = excluded.from_position`);
const keepFormer = sql(`
  insert into former_child_catchments (node, catchment, until) values ($1, $2, $3)
  on conflict (node, catchment) do update set until = excluded.until`);
const readFormer = sql("select catchment, until from former_child_catchments where node = $1");

export async function readAssignment(reader: Reader, node: string): Promise<ChildAssignment | undefined> {
  const row = await reader.first<AssignmentRow>(readOne, [node]);
  return row && assignmentOf(row);
}

/** Every child that was ever assigned a catchment, by name. */
export async function listAssignments(reader: Reader): Promise<ChildAssignment[]> {
  return (await reader.all<AssignmentRow>(readAll)).map(assignmentOf);
}

/** A catchment that a child had, and until when, in milliseconds since 1970. */
export interface FormerCatchment {
  readonly catchment: string;
  readonly until: number;
}

/** The catchments that a child had before the present one. */
export function formerCatchments(reader: Reader, node: string): Promise<FormerCatchment[]> {
  return reader.all<FormerCatchment>(readFormer, [node]);
}

/** Gives a child a catchment; what it had is remembered. It takes effect with the child's next request. */
export async function assignCatchment(
  tx: Transaction,
  {
    node,
    catchment,
    by,
    at,
  }: { readonly node: string; readonly catchment: string; readonly by: string; readonly at: number },
): Promise<void> {
  const before = await readAssignment(tx, node);
  if (before?.catchment === catchment) return;
  if (before) await tx.run(keepFormer, [node, before.catchment, at]);
  await putAssignment(tx, { node, catchment, assignedAt: at, assignedBy: by });
}

/** Lets a child begin its catchment anew at the stream's present end, since the stream has another history. */
export async function beginAssignmentAnew(tx: Transaction, node: string): Promise<void> {
  const assignment = await readAssignment(tx, node);
  if (assignment) await putAssignment(tx, assignment);
}

async function putAssignment(
  tx: Transaction,
  { node, catchment, assignedAt, assignedBy }: Omit<ChildAssignment, "fromEpoch" | "fromPosition">,
): Promise<void> {
  const { epoch } = await readLogIdentity(tx);
  const head = await readFeedHead(tx, streamFeed(catchmentStream(catchment)));
  await tx.run(putOne, [node, catchment, assignedAt, assignedBy, epoch, head]);
}

function assignmentOf(row: AssignmentRow): ChildAssignment {
  return {
    node: row.node,
    catchment: row.catchment,
    assignedAt: row.assigned_at,
    assignedBy: row.assigned_by,
    fromEpoch: row.from_epoch,
    fromPosition: row.from_position,
  };
}
