import type { Database } from "@tributary/database";
import { isErrorCode } from "@tributary/kernel";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { jsonAnswer, refusal } from "../json-answer.ts";
import { type JudgeOptions, judgeUnit } from "./judge-unit.ts";
import { parseOperationName } from "./operation-name.ts";
import { parsePushBatch } from "./push-batch.ts";
import type { PushUnit, UnitVerdict } from "./push-unit.ts";
import { claimOperation, putVerdict } from "./push-verdicts.ts";

/**
 * The parent's side of a push: takes each unit in a transaction of its own, and answers with a verdict for each. A unit
 * that was taken before is answered with the verdict of then; a bad one does not touch the others.
 */
export function createPushHandler(database: Database, options: JudgeOptions): ChildHandler {
  return async (request, child) => {
    let units: PushUnit[];
    try {
      units = parsePushBatch(request.body);
    } catch (error) {
      if (!isErrorCode(error, "REMOTE_NONSENSE")) throw error;
      return refusal(400, "REMOTE_REFUSED", error.message);
    }
    const forged = units.find(({ operationId }) => parseOperationName(operationId)?.node !== child.node);
    if (forged)
      return refusal(403, "REMOTE_REFUSED", `The operation ${forged.operationId} is not of node ${child.node}.`);
    const verdicts: [operationId: string, verdict: UnitVerdict][] = [];
    for (const unit of units) {
      if (request.signal.aborted) break;
      verdicts.push([unit.operationId, await verdictOn(database, unit, child.node, options)]);
    }
    return jsonAnswer(200, { verdicts });
  };
}

async function verdictOn(
  database: Database,
  unit: PushUnit,
  child: string,
  options: JudgeOptions,
): Promise<UnitVerdict> {
  return database.transaction(async (tx) => {
    const given = await claimOperation(tx, unit.operationId, child, options.clock.now());
    if (given) return given;
    const verdict = await judgeUnit(tx, unit, child, options);
    await putVerdict(tx, unit.operationId, verdict);
    return verdict;
  });
}
