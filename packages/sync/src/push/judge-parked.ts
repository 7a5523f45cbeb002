import type { Transaction } from "@tributary/database";
import { isRevoked } from "../enrolment/child-nodes.ts";
import type { JudgeOptions } from "./judge-options.ts";
import { judgeUnits } from "./judge-units.ts";
import { dropParkedUnit, type ParkedUnit, waitFor } from "./parked-units.ts";
import type { UnitVerdict } from "./push-unit.ts";
import { putVerdicts } from "./push-verdicts.ts";

/**
 * Judges a parked unit as if it had just come, within the transaction that has taken it up. Its new verdict takes the place
 * of the old one; it waits on for what it lacks by now, or for nothing any more. Of a child whose access was revoked it is
 * withdrawn: who enrols again sends it anew.
 */
export async function judgeParked(
  tx: Transaction,
  { node, unit }: ParkedUnit,
  options: JudgeOptions,
): Promise<UnitVerdict> {
  const { operationId } = unit;
  const verdicts = (await isRevoked(tx, node))
    ? new Map<string, UnitVerdict>([[operationId, { kind: "withdrawn" }]])
    : await judgeUnits(tx, [unit], node, options);
  const verdict = verdicts.get(operationId)!;
  if (verdict.kind === "parked") await waitFor(tx, operationId, verdict.missing);
  else await dropParkedUnit(tx, operationId);
  await putVerdicts(tx, node, verdicts, options.clock.now());
  return verdict;
}
