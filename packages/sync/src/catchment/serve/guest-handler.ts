import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { isResourceId, type ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import type { ChildHandler } from "../../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../../line/json-answer.ts";
import { jsonObjectIn } from "../../line/json-object.ts";
import { countGrantsSince, putGuestGrant } from "../guest-grants.ts";
import { type GuestRequest, guestDaysMax, isPurpose } from "../guest-request.ts";
import { visibilityOf } from "../visibility.ts";

/** Patients of elsewhere that one child may ask for in an hour: a busy clinic sees fewer, and a thief wants more. */
export const guestsPerHour = 20;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface GuestHandlerOptions {
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

/**
 * Lets a child have the records of one patient of elsewhere for some days, for a purpose that is audited. Whoever asks
 * for a patient that is not there has asked all the same: it counts, and it is audited. A patient of the child's own
 * catchment is no guest, whose records would be purged when the time is over.
 */
export function createGuestHandler(database: Database, { store, nodeId, clock }: GuestHandlerOptions): ChildHandler {
  return async (request, child) => {
    const asked = parseGuestRequest(request.body);
    if (!asked) return refusal(400, "REMOTE_REFUSED", `Send patient, purpose and 1 to ${guestDaysMax} days.`);
    const { patient, purpose, days } = asked;
    const now = clock.now();
    const grantedUntil = now + days * dayMs;
    return database.transaction(async (tx) => {
      const { catchment, mayHold } = await visibilityOf(tx, child.node);
      const isOwn = (await mayHold(tx, [patient])).has(patient);
      const isTooMany = (await countGrantsSince(tx, child.node, now - hourMs)) >= guestsPerHour;
      const isRefused = catchment === undefined || isOwn || isTooMany;
      if (!isRefused) await putGuestGrant(tx, child.node, { patient, purpose, grantedAt: now, grantedUntil });
      await appendAudit(tx, nodeId, [
        auditDraft({
          at: now,
          actor: child.node,
          operation: isRefused ? "failed-attempt" : "manual",
          reference: `Patient/${patient}`,
          link: child.node,
          operationId: `purpose:${purpose}`,
          outcome: isRefused ? "rejected" : "guest",
          error: isRefused ? "REMOTE_REFUSED" : null,
        }),
      ]);
      if (catchment === undefined) {
        return refusal(403, "REMOTE_REFUSED", "No catchment has been assigned to this node yet.");
      }
      if (isOwn) return refusal(403, "REMOTE_REFUSED", "The patient is in this node's catchment and comes by itself.");
      if (isTooMany) {
        return refusal(403, "REMOTE_REFUSED", `A node may ask for ${guestsPerHour} guests in an hour; wait a while.`);
      }
      const stored = await store.read(tx, { type: "Patient", id: patient });
      if (!stored?.body) return refusal(404, "REMOTE_REFUSED", "There is no such patient.");
      return jsonAnswer(200, { patient, until: grantedUntil });
    });
  };
}

function parseGuestRequest(body: string): GuestRequest | undefined {
  const { patient, purpose, days } = jsonObjectIn(body) ?? {};
  if (typeof patient !== "string" || !isResourceId(patient) || !isPurpose(purpose)) return undefined;
  if (typeof days !== "number" || !(days >= 1 && days <= guestDaysMax)) return undefined;
  return { patient, purpose, days };
}
