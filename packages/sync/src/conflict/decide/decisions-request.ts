import { parseNodeId } from "@tributary/kernel";
import { assigneeLengthMax } from "../assign-conflict.ts";
import { reasonLengthMax } from "../resolve-conflict.ts";
import { isChange, isChoice, isText, isUuid, withoutLargeChange } from "../travel/conflict-rows.ts";
import type { Decision, DecisionName } from "./decision.ts";

/** Decisions that one request may carry; more than anybody makes between two rounds. */
export const decisionsMax = 50;

/** Writes a request; what a decision changed is left out of it where that is too large to be told. */
export function writeDecisions(decisions: readonly Decision[]): string {
  return JSON.stringify({
    decisions: decisions.map((one) => (one.kind === "resolve" ? withoutLargeChange(one) : one)),
  });
}

/** Reads a request; a sentence when it is not exactly that, and nothing of it is used. */
export function parseDecisions(body: string): Decision[] | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return "The request is no JSON.";
  }
  const { decisions } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(decisions) || decisions.length === 0 || decisions.length > decisionsMax) {
    return `Send 1 to ${decisionsMax} decisions.`;
  }
  const read = decisions.map(decisionFrom);
  return read.every((one) => one !== undefined) ? read : "A decision has a wrong value.";
}

function decisionFrom(value: unknown): Decision | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const { decisionId, conflictId, at, by, node, kind, reason, choice, assignee } = given;
  if (!isUuid(decisionId) || !isUuid(conflictId) || !Number.isSafeInteger(at) || !isFilled(by)) return undefined;
  if (node !== null && (typeof node !== "string" || parseNodeId(node) === undefined)) return undefined;
  const told = { decisionId, conflictId, at: at as number, by, node };
  if (kind === "assign") {
    if (assignee !== null && !(isFilled(assignee) && assignee.length <= assigneeLengthMax)) return undefined;
    return { ...told, kind, assignee };
  }
  if (!isFilled(reason) || reason.length > reasonLengthMax) return undefined;
  if (kind === "reopen") {
    const undoes = nameFrom(given["undoes"]);
    return undoes && { ...told, kind, reason, undoes };
  }
  const { change } = given;
  if (kind !== "resolve" || !isChoice(choice)) return undefined;
  if (change === undefined) return { ...told, kind, reason, choice };
  return isChange(change) ? { ...told, kind, reason, choice, change } : undefined;
}

function nameFrom(value: unknown): DecisionName | undefined {
  const { at, by } = (value ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(at) && isFilled(by) ? { at: at as number, by } : undefined;
}

function isFilled(value: unknown): value is string {
  return isText(value) && value.trim() !== "";
}
