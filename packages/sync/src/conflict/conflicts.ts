import { type Reader, sql, type Transaction } from "@tributary/database";
import type { ContestedElement } from "./merge/contested-element.ts";

/** Where a conflict stands: waiting for somebody, decided by somebody, or decided by a rule. */
export type ConflictState = "open" | "resolved" | "settled";

/** One contested element of one record, with all that is needed to decide about it. */
export interface Conflict {
  readonly conflictId: string;
  readonly type: string;
  readonly id: string;
  /** The version in which the merge shows a value of the element. */
  readonly version: number;
  readonly element: ContestedElement;
  /** The node whose push met another change, and its operation. */
  readonly theirNode: string;
  readonly operationId: string;
  readonly state: ConflictState;
  readonly openedAt: number;
}

interface ConflictRow {
  readonly conflict_id: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly element: string;
  readonly their_node: string;
  readonly operation_id: string;
  readonly state: string;
  readonly opened_at: number;
}

const columns = "conflict_id, type, id, version, element, their_node, operation_id, state, opened_at";
const insertOne = sql(`insert into conflicts (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
const readOpen = sql(`select ${columns} from conflicts where state = 'open' order by opened_at, conflict_id limit $1`);
const readOfRecord = sql(
  `select ${columns} from conflicts where type = $1 and id = $2 order by opened_at, conflict_id`,
);
const countOpen = sql("select count(*) as n from conflicts where state = 'open'");

/** Records a conflict in the transaction that merged; an older one of the same record stays as it is. */
export async function openConflict(tx: Transaction, conflict: Conflict): Promise<void> {
  await tx.run(insertOne, [
    conflict.conflictId,
    conflict.type,
    conflict.id,
    conflict.version,
    JSON.stringify(conflict.element),
    conflict.theirNode,
    conflict.operationId,
    conflict.state,
    conflict.openedAt,
  ]);
}

/** The conflicts that wait for somebody, the oldest first. */
export async function listOpenConflicts(reader: Reader, limit: number): Promise<Conflict[]> {
  return (await reader.all<ConflictRow>(readOpen, [limit])).map(conflictOf);
}

/** Every conflict that a record ever had, the oldest first. */
export async function listConflictsOf(reader: Reader, type: string, id: string): Promise<Conflict[]> {
  return (await reader.all<ConflictRow>(readOfRecord, [type, id])).map(conflictOf);
}

export async function countOpenConflicts(reader: Reader): Promise<number> {
  return (await reader.first<{ n: number }>(countOpen))?.n ?? 0;
}

function conflictOf(row: ConflictRow): Conflict {
  return {
    conflictId: row.conflict_id,
    type: row.type,
    id: row.id,
    version: row.version,
    element: JSON.parse(row.element) as ContestedElement,
    theirNode: row.their_node,
    operationId: row.operation_id,
    state: row.state as ConflictState,
    openedAt: row.opened_at,
  };
}
