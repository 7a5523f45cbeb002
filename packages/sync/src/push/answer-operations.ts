import { hash } from "node:crypto";
import { appendAudit } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import { type JudgeOptions, judgeUnit } from "./judge-unit.ts";
import { dropParkedUnit, parkUnit, takeUpParkedUnit } from "./parked-units.ts";
import type { PushUnit, UnitVerdict } from "./push-unit.ts";
import { claimOperation, putVerdict, readVerdicts, unclaimOperation } from "./push-verdicts.ts";
import { tellsUnborn } from "./unborn-records.ts";

/** The verdict on a unit that was sent: the one that was given before, or that of now, kept in the transaction that acts. */
export async function takeUnit(
  database: Database,
  unit: PushUnit,
  child: string,
  options: JudgeOptions,
): Promise<UnitVerdict> {
  return database.transaction(async (tx) => {
    const { operationId } = unit;
    const given = await claimOperation(tx, operationId, child, options.clock.now(), contentDigestOf(unit));
    if (given) return given;
    const verdict = await judgeUnit(tx, unit, child, options);
    if (verdict.kind !== "parked") await putVerdict(tx, operationId, verdict);
    else if (await parkUnit(tx, { node: child, unit }, verdict.missing, options.clock.now())) {
      await putVerdict(tx, operationId, verdict);
      await auditParked(tx, unit, child, options);
    } else {
      // Without room the child keeps it alone: it is told the same, and asked for the content when it asks again.
      await unclaimOperation(tx, operationId);
    }
    return verdict;
  });
}

/**
 * Takes a unit back that has had no effect, so that it never will: also one that has not arrived, since a request that
 * carries it may still be on its way. One that has had its effect keeps its verdict, which is returned.
 */
export async function withdrawUnit(
  database: Database,
  operationId: string,
  child: string,
  options: JudgeOptions,
): Promise<UnitVerdict> {
  return database.transaction(async (tx) => {
    const given = await claimOperation(tx, operationId, child, options.clock.now());
    if (given && given.kind !== "parked") return given;
    if (given && !(await takeUpParkedUnit(tx, operationId))) {
      // It was released while this waited for it.
      const now = (await readVerdicts(tx, child, [operationId])).get(operationId);
      if (now && now.kind !== "parked") return now;
    }
    await dropParkedUnit(tx, operationId);
    await putVerdict(tx, operationId, { kind: "withdrawn" });
    return { kind: "withdrawn" };
  });
}

async function auditParked(
  tx: Transaction,
  { operationId, records }: PushUnit,
  child: string,
  { nodeId, clock }: JudgeOptions,
): Promise<void> {
  await appendAudit(
    tx,
    nodeId,
    records.map(({ type, id }) => ({
      at: clock.now(),
      actor: child,
      operation: "failed-attempt",
      reference: `${type}/${id}`,
      versionBefore: null,
      versionAfter: null,
      link: child,
      operationId,
      outcome: "parked",
      error: "missing-reference",
    })),
  );
}

/** By what a unit says of its records, but for the bases, which may be others when it is sent again. */
function contentDigestOf(unit: PushUnit): string {
  const records = unit.records.filter((record) => !tellsUnborn(record));
  return hash("sha256", JSON.stringify(records.map(({ type, id, bodyHash }) => [type, id, bodyHash])), "base64url");
}
