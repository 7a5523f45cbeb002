import { appendAudit, auditDraft } from "@tributary/audit";
import { type Database, sql, type Transaction } from "@tributary/database";
import type { EventBus } from "@tributary/events";
import type { ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../../line/json-answer.ts";
import { nodesNotSpokenFor } from "../../push/record-origin.ts";
import { assignConflict, closeConflict, reopenConflict, supersedeOlder } from "../change-conflict.ts";
import type { Conflict } from "../conflict.ts";
import { listConflictsOf } from "../conflicts.ts";
import { isForDeletion } from "../resolve-conflict.ts";
import { type ToldConflict, toldConflict } from "../travel/conflict-rows.ts";
import { visibleConflicts } from "../travel/conflicts-read-handler.ts";
import type { Decision, DecisionOutcome } from "./decision.ts";
import { queueDecision } from "./decision-queue.ts";
import { parseDecisions } from "./decisions-request.ts";

export interface DecideOptions {
  readonly store: ResourceStore;
  /** This node, the parent. */
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

/** Rows of one record in an answer; a record with more has been quarrelled about enough to be read by other means. */
const rowsOfRecordMax = 50;

/** The record itself was edited by the child, and has come by itself. */
const auditOutcomes: Readonly<Record<Decision["kind"], string>> = {
  assign: "assigned",
  resolve: "unchanged",
  reopen: "reopened",
};

const claim = sql(`
  insert into taken_decisions (decision_id, node, taken_at) values ($1, $2, $3) on conflict (decision_id) do nothing`);

/**
 * The parent's side of a decision made at a child: closes the row, opens it again, or notes who is to decide. The record
 * is left alone, since the child's edit has come by itself. A row that was decided before, or by somebody else than was
 * taken back, stays as it is. A hub hands the decision on to the parent that the conflict came from.
 *
 * The answer tells what became of each decision, and the rows of the records as they stand now.
 */
export function createDecideHandler(database: Database, options: DecideOptions): ChildHandler {
  return async (request, child) => {
    const decisions = parseDecisions(request.body);
    if (typeof decisions === "string") return refusal(400, "REMOTE_REFUSED", decisions);
    const outcomes: [decisionId: string, outcome: DecisionOutcome][] = [];
    const rows = new Map<string, ToldConflict>();
    for (const decision of decisions) {
      const { outcome, conflicts } = await database.transaction((tx) =>
        takeDecision(tx, child.node, decision, options),
      );
      outcomes.push([decision.decisionId, outcome]);
      for (const conflict of conflicts) rows.set(conflict.conflictId, toldConflict(conflict));
    }
    return jsonAnswer(200, { outcomes, conflicts: [...rows.values()] });
  };
}

interface Taken {
  readonly outcome: DecisionOutcome;
  readonly conflicts: readonly Conflict[];
}

async function takeDecision(
  tx: Transaction,
  child: string,
  decision: Decision,
  { store, nodeId, clock }: DecideOptions,
): Promise<Taken> {
  const seen = (await visibleConflicts(tx, child, [decision.conflictId], clock.now())).get(decision.conflictId);
  if (!seen) return { outcome: "unknown", conflicts: [] };
  const key = { type: seen.type, id: seen.id };
  const current = (await store.readForChange(tx, [key])).get(`${key.type}/${key.id}`);
  // Whoever held the record's lock may have decided meanwhile.
  const conflict =
    (await visibleConflicts(tx, child, [decision.conflictId], clock.now())).get(decision.conflictId) ?? seen;
  const outcome = await takeEffect(tx, child, decision, conflict, current?.version ?? 0, { store, nodeId, clock });
  return { outcome, conflicts: (await listConflictsOf(tx, key.type, key.id)).slice(-rowsOfRecordMax) };
}

async function takeEffect(
  tx: Transaction,
  child: string,
  told: Decision,
  conflict: Conflict,
  version: number,
  { store, nodeId, clock }: DecideOptions,
): Promise<DecisionOutcome> {
  const node = told.node ?? child;
  if (node !== child && (await nodesNotSpokenFor(tx, child, nodeId)).has(node)) return "refused";
  if ((await tx.run(claim, [told.decisionId, child, clock.now()])) === 0) return "taken";
  const decision = { ...told, node };
  if (!(await changeRow(tx, store.bus, conflict, decision, version))) return "taken";
  await appendAudit(tx, nodeId, [
    auditDraft({
      at: clock.now(),
      actor: decision.by,
      operation: "resolve",
      reference: `${conflict.type}/${conflict.id}`,
      versionBefore: version || null,
      versionAfter: version || null,
      link: child,
      operationId: conflict.conflictId,
      outcome: auditOutcomes[decision.kind],
    }),
  ]);
  const { type, id, link } = conflict;
  if (link !== null) await queueDecision(tx, link, { decision, type, id, version });
  return "taken";
}

/** Does to the row what was decided; `false` when it has been decided otherwise by now, which stays. */
async function changeRow(
  tx: Transaction,
  bus: EventBus,
  conflict: Conflict,
  decision: Decision,
  version: number,
): Promise<boolean> {
  const { at, by, node } = decision;
  const { resolution } = conflict;
  switch (decision.kind) {
    case "assign":
      if (conflict.state !== "open") return false;
      await assignConflict(tx, bus, conflict, decision.assignee);
      return true;
    case "resolve": {
      if (conflict.state !== "open") return false;
      const { reason, choice, change } = decision;
      const told = { at, by, node, reason, choice, version, ...(change === undefined ? {} : { change }) };
      const closed = await closeConflict(tx, bus, conflict, told);
      await supersedeOlder(tx, bus, closed, isForDeletion(closed, choice));
      return true;
    }
    case "reopen": {
      const { reason, undoes } = decision;
      const isTheirs = resolution?.at === undoes.at && resolution.by === undoes.by;
      if (conflict.state !== "resolved" || !resolution || !isTheirs) return false;
      await reopenConflict(tx, bus, { ...conflict, resolution }, { at, by, node, reason });
      return true;
    }
  }
}
