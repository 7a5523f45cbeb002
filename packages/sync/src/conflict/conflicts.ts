import { type Reader, sql, type Transaction } from "@tributary/database";
import type { ContestedElement } from "./merge/contested-element.ts";

/** Where a conflict stands: waiting for somebody, decided by somebody, or decided by a rule. */
export type ConflictState = "open" | "resolved" | "settled";

/** What was decided for: a side's value, what the record said by then, or a value that somebody typed. */
export type DecidedFor = "parent" | "child" | "current" | "value";

/** How a conflict was decided by somebody. */
export interface Resolution {
  readonly at: number;
  /** The user on whose behalf it happened. */
  readonly by: string;
  readonly reason: string;
  readonly choice: DecidedFor;
  /** The version of the record that says what was decided. */
  readonly version: number;
}

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
  /** There once somebody has decided. */
  readonly resolution?: Resolution;
}

/** Where a page of conflicts ended; the next one begins behind it. */
export type ConflictKey = Pick<Conflict, "openedAt" | "conflictId">;

/** What is found under an identifier, or under the beginning of one. */
export type ConflictLookup =
  | { readonly kind: "found"; readonly conflict: Conflict }
  | { readonly kind: "unknown" }
  /** Several conflicts have identifiers that begin so. */
  | { readonly kind: "ambiguous" };

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
  readonly resolved_at: number | null;
  readonly resolved_by: string | null;
  readonly resolution_reason: string | null;
  readonly resolution_choice: string | null;
  readonly resolved_version: number | null;
}

const openColumns = "conflict_id, type, id, version, element, their_node, operation_id, state, opened_at";
const columns = `${openColumns}, resolved_at, resolved_by, resolution_reason, resolution_choice, resolved_version`;
const insertOne = sql(`insert into conflicts (${openColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
const readOpen = sql(
  `select ${columns} from conflicts
   where state = 'open' and (opened_at, conflict_id) > ($2, $3)
   order by opened_at, conflict_id limit $1`,
);
const readOne = sql(`select ${columns} from conflicts where conflict_id = $1`);
const readTwoThatBegin = sql(`select ${columns} from conflicts where conflict_id like $1 order by conflict_id limit 2`);
const closeOne = sql(
  `update conflicts
   set state = 'resolved', resolved_at = $2, resolved_by = $3, resolution_reason = $4, resolution_choice = $5,
     resolved_version = $6
   where conflict_id = $1 and state = 'open'`,
);
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

/** A page of the conflicts that wait for somebody, the oldest first. */
export async function listOpenConflicts(reader: Reader, limit: number, after?: ConflictKey): Promise<Conflict[]> {
  const { openedAt = -1, conflictId = "" } = after ?? {};
  return (await reader.all<ConflictRow>(readOpen, [limit, openedAt, conflictId])).map(conflictOf);
}

export async function readConflict(reader: Reader, conflictId: string): Promise<Conflict | undefined> {
  const row = await reader.first<ConflictRow>(readOne, [conflictId]);
  return row && conflictOf(row);
}

/** Looks a conflict up by its identifier or by as much of its beginning as no other one shares. */
export async function findConflict(reader: Reader, beginning: string): Promise<ConflictLookup> {
  if (!identifierBeginning.test(beginning)) return { kind: "unknown" };
  const [row, another] = await reader.all<ConflictRow>(readTwoThatBegin, [`${beginning}%`]);
  if (another) return { kind: "ambiguous" };
  return row ? { kind: "found", conflict: conflictOf(row) } : { kind: "unknown" };
}

/** Nothing in it means something to `like`. */
const identifierBeginning = /^[0-9a-f-]{1,36}$/;

/** Closes an open conflict. Whoever calls holds the lock of its record, so that nobody else can have closed it. */
export async function closeConflict(tx: Transaction, conflict: Conflict, resolution: Resolution): Promise<Conflict> {
  const { at, by, reason, choice, version } = resolution;
  await tx.run(closeOne, [conflict.conflictId, at, by, reason, choice, version]);
  return { ...conflict, state: "resolved", resolution };
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
    ...(row.resolved_at === null ? {} : { resolution: resolutionOf(row, row.resolved_at) }),
  };
}

function resolutionOf(row: ConflictRow, at: number): Resolution {
  return {
    at,
    by: row.resolved_by ?? "",
    reason: row.resolution_reason ?? "",
    choice: (row.resolution_choice ?? "current") as DecidedFor,
    version: row.resolved_version ?? row.version,
  };
}
