import { type Reader, sql, type Transaction } from "@tributary/database";
import type { DecidedChange, DecidedFor } from "../conflict.ts";
import type { Decision, DecisionName } from "./decision.ts";

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
  readonly change: string | null;
  readonly undoes: string | null;
  readonly type: string;
  readonly id: string;
}

/** What only some kinds of decision have. */
interface DecisionParts {
  readonly reason: string;
  readonly choice: DecidedFor;
  readonly assignee: string | null;
  readonly change: DecidedChange | null;
  readonly undoes: DecisionName;
}

const putOne = sql(`
  insert into conflict_decisions
    (decision_id, parent, conflict_id, kind, node, decided_at, decided_by, reason, choice, version, assignee, change,
     undoes, type, id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  on conflict (decision_id) do nothing`);
const columns = `decision_id, conflict_id, kind, node, decided_at, decided_by, reason, choice, version, assignee, change,
  undoes, type, id`;
const readSome = sql(`
  select ${columns} from conflict_decisions
  where parent = $1 and refused_reason is null
  order by position limit $2`);
const readKinds = sql("select distinct kind from conflict_decisions where conflict_id = $1 and refused_reason is null");
const countSome = sql("select count(*) as n from conflict_decisions where refused_reason is null");
const dropRefusedOf = sql("delete from conflict_decisions where conflict_id = $1 and refused_reason is not null");
const forgetChanges = sql("update conflict_decisions set change = null where conflict_id = $1");
const dropOne = sql("delete from conflict_decisions where decision_id = $1");

/** Puts a decision into the queue, in the transaction that made it here; one that is in it already stays. */
export async function queueDecision(
  tx: Transaction,
  parent: string,
  { decision, type, id, version }: QueuedDecision,
): Promise<void> {
  const { reason, choice, assignee, change, undoes }: Partial<DecisionParts> = decision;
  await tx.run(putOne, [
    decision.decisionId,
    parent,
    decision.conflictId,
    decision.kind,
    decision.node ?? "",
    decision.at,
    decision.by,
    reason ?? null,
    choice ?? null,
    version,
    assignee ?? null,
    change === undefined ? null : JSON.stringify(change),
    undoes === undefined ? null : JSON.stringify(undoes),
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

/**
 * Keeps nothing that decisions about a conflict say of its record, which this node may no longer hold. What is still to be
 * told is told without what it changed; what was refused is forgotten.
 */
export async function forgetDecidedValues(tx: Transaction, conflictId: string): Promise<void> {
  await tx.run(dropRefusedOf, [conflictId]);
  await tx.run(forgetChanges, [conflictId]);
}

export async function dropDecision(tx: Transaction, decisionId: string): Promise<void> {
  await tx.run(dropOne, [decisionId]);
}

function decisionOf(row: QueueRow): Decision {
  const told = {
    decisionId: row.decision_id,
    conflictId: row.conflict_id,
    at: row.decided_at,
    by: row.decided_by,
    node: row.node || null,
  };
  const reason = row.reason ?? "";
  switch (row.kind) {
    case "assign":
      return { ...told, kind: "assign", assignee: row.assignee };
    case "reopen":
      return { ...told, kind: "reopen", reason, undoes: JSON.parse(row.undoes ?? "{}") as DecisionName };
    case "resolve": {
      const change = row.change === null ? {} : { change: JSON.parse(row.change) as DecidedChange | null };
      return { ...told, kind: "resolve", reason, choice: (row.choice ?? "current") as DecidedFor, ...change };
    }
  }
}
