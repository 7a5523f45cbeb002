import type { Database } from "@tributary/database";
import { type HttpResponse, isErrorCode } from "@tributary/kernel";
import { limitVerdicts } from "../catchment/serve/limit-push.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../line/json-answer.ts";
import { withdrawUnit } from "./answer-operations.ts";
import type { JudgeOptions } from "./judge-options.ts";
import { parseOperationName } from "./operation-name.ts";
import { type PushBatch, parsePushBatch } from "./push-batch.ts";
import type { UnitVerdict } from "./push-unit.ts";
import { readVerdicts } from "./push-verdicts.ts";
import { releaseParkedUnits } from "./release-parked.ts";
import { takeGroups } from "./take-groups.ts";
import { nextGroups } from "./unit-groups.ts";

/**
 * The parent's side of a push: takes each unit whole or not at all, and answers with a verdict for each. A unit that was
 * taken before is answered with the verdict of then; a bad one does not touch the others.
 *
 * 1. What the child takes back is taken back.
 * 2. Each unit is taken, merged, parked or refused.
 * 3. Parked units, of whatever child, that waited for what has come are judged again.
 * 4. What the child asks about is answered with the verdict of now; what is not known here is named as `unknown`.
 */
export function createPushHandler(database: Database, options: JudgeOptions): ChildHandler {
  return async (request, child) => {
    let batch: PushBatch;
    try {
      batch = parsePushBatch(request.body);
    } catch (error) {
      if (!isErrorCode(error, "REMOTE_NONSENSE")) throw error;
      return refusal(400, "REMOTE_REFUSED", error.message);
    }
    const { units, ask, withdraw } = batch;
    const named = [...units.map(({ operationId }) => operationId), ...ask, ...withdraw];
    const forged = named.find((operationId) => parseOperationName(operationId)?.node !== child.node);
    if (forged) return refusal(403, "REMOTE_REFUSED", `The operation ${forged} is not of node ${child.node}.`);
    const verdicts = new Map<string, UnitVerdict>();
    for (const operationId of withdraw) {
      verdicts.set(operationId, await withdrawUnit(database, operationId, child.node, options));
    }
    const arrived = new Set<string>();
    const tell = (given: ReadonlyMap<string, UnitVerdict>): void => {
      for (const [operationId, verdict] of given) {
        verdicts.set(operationId, verdict);
        if ("records" in verdict) for (const { type, id } of verdict.records) arrived.add(`${type}/${id}`);
      }
    };
    for (let left = units; left.length > 0 && !request.signal.aborted; ) {
      const { groups, rest } = nextGroups(database.dialect, left);
      left = rest;
      try {
        await takeGroups(groups, { ...options, database, child: child.node, tell });
      } catch (error) {
        return refuseReused(error);
      }
    }
    // What was parked just now is looked at once more: what it lacks may have come while it was being parked.
    const parked = [...verdicts].filter(([, { kind }]) => kind === "parked").map(([operationId]) => operationId);
    const released = await releaseParkedUnits(database, options, { arrived, operations: [...parked, ...ask] });
    for (const operationId of parked) {
      const verdict = released.get(operationId);
      if (verdict) verdicts.set(operationId, verdict);
    }
    const asked = await readVerdicts(database, child.node, ask);
    for (const [operationId, verdict] of asked) verdicts.set(operationId, verdict);
    const unknown = ask.filter((operationId) => !asked.has(operationId));
    const told = await limitVerdicts(database, child.node, verdicts, options.clock.now());
    return jsonAnswer(200, { verdicts: told, ...(unknown.length > 0 ? { unknown } : {}) });
  };
}

function refuseReused(error: unknown): HttpResponse {
  if (!isErrorCode(error, "OPERATION_REUSED")) throw error;
  return refusal(409, "OPERATION_REUSED", "A name that has a verdict was given to other content.");
}
