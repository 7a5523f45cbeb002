import { hash } from "node:crypto";
import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import type { JudgeOptions } from "./judge-options.ts";
import { judgeUnits } from "./judge-units.ts";
import { dropParkedUnit, parkUnit, takeUpParkedUnit } from "./parked-units.ts";
import type { PushUnit, UnitVerdict } from "./push-unit.ts";
import { claimOperations, putVerdicts, readVerdicts, unclaimOperation } from "./push-verdicts.ts";
import { tellsUnborn } from "./unborn-records.ts";

/**
 * The verdicts on units that were sent, by operation: those that were given before, or those of now, kept in the
 * transaction that acts. The units must have nothing to do with each other.
 */
export async function takeUnits(
  tx: Transaction,
  units: readonly PushUnit[],
  child: string,
  options: JudgeOptions,
): Promise<ReadonlyMap<string, UnitVerdict>> {
  const claims = units.map((unit) => ({ operationId: unit.operationId, contentDigest: contentDigestOf(unit) }));
  const now = options.clock.now();
  const given = await claimOperations(tx, child, claims, now);
  const fresh = units.filter(({ operationId }) => !given.has(operationId));
  const verdicts = await judgeUnits(tx, fresh, child, options);
  const kept = new Map(verdicts);
  for (const unit of fresh) {
    const verdict = verdicts.get(unit.operationId);
    if (verdict?.kind !== "parked") continue;
    if (await parkUnit(tx, { node: child, unit }, verdict.missing, now)) await auditParked(tx, unit, child, options);
    else {
      // Without room the child keeps it alone: it is told the same, and asked for the content when it asks again.
      kept.delete(unit.operationId);
      await unclaimOperation(tx, unit.operationId);
    }
  }
  await putVerdicts(tx, child, kept, now);
  return new Map([...given, ...verdicts]);
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
    const now = options.clock.now();
    const given = (await claimOperations(tx, child, [{ operationId }], now)).get(operationId);
    if (given && given.kind !== "parked") return given;
    if (given && !(await takeUpParkedUnit(tx, operationId))) {
      // It was released while this waited for it.
      const present = (await readVerdicts(tx, child, [operationId])).get(operationId);
      if (present && present.kind !== "parked") return present;
    }
    await dropParkedUnit(tx, operationId);
    const withdrawn = { kind: "withdrawn" } as const;
    await putVerdicts(tx, child, new Map([[operationId, withdrawn]]), now);
    return withdrawn;
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
    records.map(({ type, id }) =>
      auditDraft({
        at: clock.now(),
        actor: child,
        operation: "failed-attempt",
        reference: `${type}/${id}`,
        link: child,
        operationId,
        outcome: "parked",
        error: "missing-reference",
      }),
    ),
  );
}

/** By what a unit says of its records, but for the bases, which may be others when it is sent again. */
function contentDigestOf(unit: PushUnit): string {
  const records = unit.records.filter((record) => !tellsUnborn(record));
  return hash("sha256", JSON.stringify(records.map(({ type, id, bodyHash }) => [type, id, bodyHash])), "base64url");
}
