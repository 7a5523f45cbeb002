import type { Reader } from "@tributary/database";
import { type JsonObject, parseLossless, type ResourceStore } from "@tributary/fhir";
import type { Conflict } from "./conflict.ts";
import { readConflict } from "./conflicts.ts";
import { changedElements, type ElementChange } from "./merge/changed-elements.ts";
import { type ConflictChoice, type DecisionRefusal, planDecision } from "./plan-decision.ts";
import { refuseForeign } from "./refuse-foreign.ts";

/** What a decision would come to, if it were made now. */
export type DecisionPreview =
  /** The record would be edited, or deleted when `body` is `undefined`. */
  | {
      readonly kind: "edit";
      readonly body: JsonObject | undefined;
      readonly changes: readonly ElementChange[];
    }
  /** The record says already what would be decided. */
  | { readonly kind: "no-change"; readonly body: JsonObject | undefined }
  | { readonly kind: "already-resolved"; readonly conflict: Conflict }
  | { readonly kind: "unknown" }
  | { readonly kind: "record-absent" }
  | DecisionRefusal;

/** Tells what a record would become by a decision, and whether it would be valid. Nothing is changed. */
export async function previewDecision(
  reader: Reader,
  store: ResourceStore,
  conflictId: string,
  choice: ConflictChoice,
): Promise<DecisionPreview> {
  const conflict = await readConflict(reader, conflictId);
  if (!conflict) return { kind: "unknown" };
  const { type, id, state } = conflict;
  if (state !== "open") return { kind: "already-resolved", conflict };
  const current = await store.read(reader, { type, id });
  if (!current) return { kind: "record-absent" };
  const now = current.body === undefined ? undefined : (parseLossless(current.body) as JsonObject);
  const plan = await refuseForeign(reader, planDecision(conflict, choice, current), current);
  switch (plan.kind) {
    case "keep":
      return { kind: "no-change", body: now };
    case "delete":
      return { kind: "edit", body: undefined, changes: changedElements(type, now, undefined) };
    case "save": {
      const body = parseLossless(plan.body) as JsonObject;
      return { kind: "edit", body, changes: changedElements(type, now, body) };
    }
    default:
      return plan;
  }
}
