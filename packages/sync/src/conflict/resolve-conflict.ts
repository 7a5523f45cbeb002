import { appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import {
  type Issue,
  type JsonObject,
  parseLossless,
  type ResourceStore,
  type StoredVersion,
  stringifyLossless,
  toStoredResource,
  validateResource,
} from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { closeConflict, supersedeOlder } from "./change-conflict.ts";
import type { Conflict, DecidedFor, Resolution } from "./conflict.ts";
import { readConflict } from "./conflicts.ts";
import type { Decision } from "./decide/decision.ts";
import { queueDecision } from "./decide/decision-queue.ts";
import { shapeOf } from "./merge/element-groups.ts";
import { differingGroups } from "./merge/fragment.ts";
import { putFragment } from "./put-fragment.ts";
import { versionAfter } from "./version-after.ts";

export interface ResolveOptions {
  readonly store: ResourceStore;
  /** This node, where the decision is made and the edit with it. */
  readonly nodeId: NodeId;
  readonly clock: Clock;
  readonly random: Random;
}

/** What to decide a conflict for. `current` keeps what the record says now, however it came to say it. */
export type ConflictChoice =
  | { readonly take: "parent" | "child" | "current" }
  /**
   * A fragment as `parseLossless` reads it: `{ "birthDate": "1980-01-02" }`, `{ "name": [{ … }] }` in the place of the
   * contested items of a list, `{}` for nothing, a whole body for a whole record.
   */
  | { readonly value: JsonObject };

export interface ResolveRequest {
  readonly conflictId: string;
  readonly choice: ConflictChoice;
  /** Why; 1 to `reasonLengthMax` characters. It is kept with the conflict, at both ends, and nowhere else. */
  readonly reason: string;
  /** The user who decides. */
  readonly author: string;
}

/** What came of deciding a conflict. All but `resolved` have changed nothing. */
export type ResolveOutcome =
  /** `isChanged` is false when the record said already what was decided. */
  | { readonly kind: "resolved"; readonly conflict: Conflict; readonly isChanged: boolean }
  /** Somebody, or a rule, has decided before; the conflict tells who and how. */
  | { readonly kind: "already-resolved"; readonly conflict: Conflict }
  | { readonly kind: "unknown" }
  | { readonly kind: "reason-refused" }
  /** The record itself has not come to this node, so that nothing can be put into it here. */
  | { readonly kind: "record-absent" }
  /** The record would not be valid, or the value is no value of this element. */
  | { readonly kind: "invalid"; readonly issues: readonly Issue[] }
  /** The record, or the part of it that the element belongs to, is not there any more; `current` can still be taken. */
  | { readonly kind: "element-gone" };

/** Long enough for two sentences and a file number; a reason is no place for a record. */
export const reasonLengthMax = 500;

/**
 * Decides a conflict: puts the chosen value of the contested element into the record as it is now, as an ordinary edit
 * of this node, and closes the row, with its audit entry, in the caller's transaction. All else in the record stays,
 * younger conflicts of it included. What was typed into the element by hand since gives way to the choice, and the older
 * open conflicts of the element are superseded by it.
 *
 * Where the conflict stands at a parent, the decision waits in a queue, durable in the same transaction, until the edit
 * has reached the parent, and closes the parent's row then.
 *
 * To do it again changes nothing and answers `already-resolved`.
 */
export async function resolveConflict(
  tx: Transaction,
  options: ResolveOptions,
  request: ResolveRequest,
): Promise<ResolveOutcome> {
  const { store, nodeId, clock, random } = options;
  const { conflictId, choice, author } = request;
  const reason = request.reason.trim();
  if (reason === "" || reason.length > reasonLengthMax) return { kind: "reason-refused" };
  const seen = await readConflict(tx, conflictId);
  if (!seen) return { kind: "unknown" };

  const key = { type: seen.type, id: seen.id };
  const name = `${key.type}/${key.id}`;
  const current = (await store.readForChange(tx, [key])).get(name);
  if (!current) return { kind: "record-absent" };
  // Whoever held the record's lock may have decided meanwhile.
  const conflict = (await readConflict(tx, conflictId)) ?? seen;
  if (conflict.state !== "open") return { kind: "already-resolved", conflict };

  const plan = planEdit(conflict, choice, current);
  if (plan.kind === "invalid" || plan.kind === "element-gone") return plan;
  const version = plan.kind === "keep" ? current.version : await write(tx, store, plan, { current, author });
  const at = clock.now();
  await appendAudit(tx, nodeId, [
    {
      at,
      actor: author,
      operation: "resolve",
      reference: name,
      versionBefore: current.version,
      versionAfter: version,
      link: null,
      operationId: conflictId,
      outcome: plan.kind === "keep" ? "unchanged" : "applied",
      error: null,
    },
  ]);
  const resolution: Resolution = { at, by: author, node: nodeId, reason, choice: nameOf(choice), version };
  const closed = await closeConflict(tx, store.bus, conflict, resolution);
  await supersedeOlder(tx, store.bus, closed, isForDeletion(closed, resolution.choice));
  if (closed.link !== null) {
    const told = { decisionId: newUuid(clock, random), conflictId, at, by: author, node: nodeId };
    const decision: Decision = { ...told, kind: "resolve", reason, choice: resolution.choice };
    await queueDecision(tx, closed.link, { decision, ...key, version });
  }
  return { kind: "resolved", conflict: closed, isChanged: version !== current.version };
}

/** Tells whether a choice means that the whole record is to be deleted. */
export function isForDeletion({ element, type }: Conflict, choice: DecidedFor): boolean {
  if (element.path !== type) return false;
  return (choice === "parent" && !element.mine) || (choice === "child" && !element.theirs);
}

type Plan =
  | { readonly kind: "save"; readonly body: string; readonly resource: JsonObject }
  | { readonly kind: "delete" }
  | { readonly kind: "keep" };

type Refusal = Extract<ResolveOutcome, { readonly kind: "invalid" | "element-gone" }>;

function planEdit(conflict: Conflict, choice: ConflictChoice, current: StoredVersion): Plan | Refusal {
  if ("take" in choice && choice.take === "current") return { kind: "keep" };
  const { type, id, element } = conflict;
  const fragment = fragmentOf(conflict, choice);
  const before = current.body === undefined ? undefined : (parseLossless(current.body) as JsonObject);
  if (element.path === type) {
    if (fragment === undefined) return before ? { kind: "delete" } : { kind: "keep" };
    return planSave(before, toStoredResource({ ...fragment }, id), conflict);
  }
  if (current.body === undefined) return { kind: "element-gone" };
  const edited = parseLossless(current.body) as JsonObject;
  const put = putFragment(edited, type, element, fragment);
  switch (put.kind) {
    case "gone":
      return { kind: "element-gone" };
    case "misfit":
      return refused(`The value has ${put.member}, which is not what ${element.path} is made of.`);
    case "put":
      return planSave(before, toStoredResource(edited, id), conflict);
  }
}

function fragmentOf({ element }: Conflict, choice: ConflictChoice): JsonObject | undefined {
  if ("value" in choice) return choice.value;
  return choice.take === "parent" ? element.mine : element.theirs;
}

function planSave(before: JsonObject | undefined, after: JsonObject, { type }: Conflict): Plan | Refusal {
  const body = stringifyLossless(after);
  const resource = JSON.parse(body) as JsonObject;
  const issues = validateResource(resource, { expectedType: type }).filter(
    ({ severity }) => severity === "error" || severity === "fatal",
  );
  if (issues.length > 0) return { kind: "invalid", issues };
  if (before && differingGroups(shapeOf(type), before, after).length === 0) return { kind: "keep" };
  return { kind: "save", body, resource };
}

async function write(
  tx: Transaction,
  store: ResourceStore,
  plan: Exclude<Plan, { kind: "keep" }>,
  { current, author }: { readonly current: StoredVersion; readonly author: string },
): Promise<number> {
  const { key } = current;
  const [outcome] = await store.write(tx, [{ key, author, ...plan }]);
  return versionAfter(outcome, current);
}

function refused(diagnostics: string): Refusal {
  return { kind: "invalid", issues: [{ severity: "error", code: "structure", diagnostics }] };
}

function nameOf(choice: ConflictChoice): DecidedFor {
  return "take" in choice ? choice.take : "value";
}
