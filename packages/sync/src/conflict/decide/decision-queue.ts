import { type Reader, sql, type Transaction } from "@tributary/database";
import type { DecidedFor } from "../conflict.ts";
import type { Decision } from "./decision.ts";

/** A decision that the parent has not answered. */
export interface QueuedDecision {
  readonly decision: Decision;
  /** The record that it is about, and the version, here, that says what was decided; 0 when nothing was to be said. */
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

interface QueueRow {
  readonly decision_id: string;
  readonly conflict_id: string;
  readonly kind: Decision["kind"];
  readonly node: string;
  readonly decided_at: number;
  readonly decided_by: string;
  readonly reason: string | null;
  readonly choice: string | null;
  readonly version: number;
  readonly assignee: string | null;
  readonly type: string;
  readonly id: string;
}

const putOne = sql(`
  insert into conflict_decisions
    (decision_id, parent, conflict_id, kind, node, decided_at, decided_by, reason, choice, version, assignee, type, id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict (decision_id) do nothing`);
const readSome = sql(`
  select decision_id, conflict_id, kind, node, decided_at, decided_by, reason, choice, version, assignee, type, id
  from conflict_decisions
  where parent = $1 and refused_reason is null
  order by position limit $2`);
const readKinds = sql("select distinct kind from conflict_decisions where conflict_id = $1 and refused_reason is null");
const countSome = sql("select count(*) as n from conflict_decisions where refused_reason is null");
const dropOne = sql("delete from conflict_decisions where decision_id = $1");
const refuseOne = sql("update conflict_decisions set refused_reason = $2 where decision_id = $1");

/** Puts a decision into the queue, in the transaction that made it here; one that is in it already stays. */
export async function queueDecision(
  tx: Transaction,
  parent: string,
  { decision, type, id, version }: QueuedDecision,
): Promise<void> {
  const [reason, choice, assignee] =
    decision.kind === "resolve" ? [decision.reason, decision.choice, null] : [null, null, decision.assignee];
  await tx.run(putOne, [
    decision.decisionId,
    parent,
    decision.conflictId,
    decision.kind,
    decision.node ?? "",
    decision.at,
    decision.by,
    reason,
    choice,
    version,
    assignee,
    type,
    id,
  ]);
}

/** The oldest decisions that wait for the parent's answer, in the order in which they were made. */
export async function readQueuedDecisions(reader: Reader, parent: string, limit: number): Promise<QueuedDecision[]> {
  return (await reader.all<QueueRow>(readSome, [parent, limit])).map((row) => ({
    decision: decisionOf(row),
    version: row.version,
    type: row.type,
    id: row.id,
  }));
}

/** Which kinds of decision about a conflict wait for the parent's answer. */
export async function readPendingKinds(reader: Reader, conflictId: string): Promise<ReadonlySet<Decision["kind"]>> {
  const rows = await reader.all<{ kind: Decision["kind"] }>(readKinds, [conflictId]);
  return new Set(rows.map(({ kind }) => kind));
}

/** How many decisions wait for the parent's answer. */
export async function countQueuedDecisions(reader: Reader): Promise<number> {
  return (await reader.first<{ n: number }>(countSome))?.n ?? 0;
}

export async function dropDecision(tx: Transaction, decisionId: string): Promise<void> {
  await tx.run(dropOne, [decisionId]);
}

/** Keeps a decision that the parent refused; it is not sent again. */
export async function keepRefusedDecision(tx: Transaction, decisionId: string, reason: string): Promise<void> {
  await tx.run(refuseOne, [decisionId, reason]);
}

function decisionOf(row: QueueRow): Decision {
  const told = {
    decisionId: row.decision_id,
    conflictId: row.conflict_id,
    at: row.decided_at,
    by: row.decided_by,
    node: row.node || null,
  };
  if (row.kind === "assign") return { ...told, kind: "assign", assignee: row.assignee };
  return { ...told, kind: "resolve", reason: row.reason ?? "", choice: (row.choice ?? "current") as DecidedFor };
}
