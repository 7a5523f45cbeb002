import { type AuditDraft, appendAudit, auditDraft } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import type { StoredVersion } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { reasonsNotToTake } from "../catchment/serve/limit-push.ts";
import type { JudgeOptions, Taking } from "./judge-options.ts";
import { mergeRecord } from "./merge-record.ts";
import { missingTargets, unbornOf } from "./missing-targets.ts";
import type { PushedRecord, PushUnit, RecordVerdict, UnitVerdict } from "./push-unit.ts";
import { takeUnchanged } from "./take-unchanged.ts";
import { takeWhatWasDeleted } from "./take-what-was-deleted.ts";
import { noteUnborn } from "./unborn-records.ts";
import { readContent, type UnitContent } from "./unit-content.ts";

/** Missing records that one verdict names; what lacks more is judged again when these are there. */
const missingMax = 1_000;

/**
 * Takes units of a child in, within the transaction that keeps their verdicts: each record is taken as it is when the
 * parent's has not changed since, and merged when it has. A unit with an invalid record is refused as a whole, and one
 * that newly refers to a record that never was here, or that follows such a unit, is parked; neither changes anything.
 *
 * The units must have nothing to do with each other: what is asked of the database is asked once for all of them. Each is
 * told to readers as a transaction of its own. Returns the verdicts by operation.
 */
export async function judgeUnits(
  tx: Transaction,
  units: readonly PushUnit[],
  child: string,
  options: JudgeOptions,
): Promise<Map<string, UnitVerdict>> {
  const verdicts = new Map<string, UnitVerdict>();
  const left = new Map<PushUnit, UnitContent>();
  for (const unit of units) {
    const content = readContent(unit);
    if ("reason" in content) verdicts.set(unit.operationId, { kind: "rejected", ...content });
    else left.set(unit, content);
  }
  const forbidden = await reasonsNotToTake(tx, child, [...left.keys()]);
  for (const [unit, reason] of forbidden) {
    left.delete(unit);
    verdicts.set(unit.operationId, { kind: "rejected", reason, class: "forbidden" });
  }
  await auditForbidden(tx, [...forbidden.keys()], child, options);
  const current = await options.store.readForChange(
    tx,
    [...left.keys()].flatMap(({ records }) => records.map(({ type, id }) => ({ type, id }))),
  );
  const { arriving } = options;
  for (const [unit, missing] of await missingTargets(tx, child, { units: left, current, arriving })) {
    left.delete(unit);
    verdicts.set(unit.operationId, { kind: "parked", missing: missing.slice(0, missingMax) });
  }
  const nameOne = () => (units.length === 1 ? tx.id : newUuid(options.clock, options.random));
  const takings = [...left.keys()].map((unit) => ({ unit, child, changeSet: nameOne() }));
  for (const [operationId, verdict] of await takeAll(tx, takings, current, options)) {
    verdicts.set(operationId, verdict);
  }
  return verdicts;
}

/** What a child may not do is entered; what it did wrongly stands in its own trail. */
async function auditForbidden(
  tx: Transaction,
  units: readonly PushUnit[],
  child: string,
  { nodeId, clock }: JudgeOptions,
): Promise<void> {
  const entry = { at: clock.now(), actor: child, operation: "failed-attempt", link: child } as const;
  const drafts = units.flatMap(({ operationId, records }) =>
    records.map(({ type, id }) =>
      auditDraft({ ...entry, reference: `${type}/${id}`, operationId, outcome: "rejected", error: "forbidden" }),
    ),
  );
  await appendAudit(tx, nodeId, drafts);
}

async function takeAll(
  tx: Transaction,
  judged: readonly Taking[],
  there: ReadonlyMap<string, StoredVersion>,
  options: JudgeOptions,
): Promise<ReadonlyMap<string, UnitVerdict>> {
  const [first] = judged;
  if (!first) return new Map();
  const { takings, current, audit: deleted } = await takeWhatWasDeleted(tx, judged, there, options);
  const unborn = takings.flatMap(({ unit }) => unbornOf(unit, current));
  await noteUnborn(tx, unborn, first.child);
  const taken = await takeUnchanged(tx, takings, current, options);
  const verdicts = new Map<string, UnitVerdict>();
  const audit: { readonly unit: PushUnit; readonly draft: AuditDraft }[] = [];
  for (const taking of takings) {
    const { unit } = taking;
    const records: RecordVerdict[] = [];
    for (const record of unit.records) {
      const name = `${record.type}/${record.id}`;
      const before = current.get(name);
      const verdict = taken.get(name) ?? (await mergeRecord(tx, record, before!, taking, options));
      records.push(verdict);
      if (verdict.outcome !== "unchanged") {
        audit.push({ unit, draft: auditOf(record, verdict, before, taking, options.clock.now()) });
      }
    }
    verdicts.set(unit.operationId, { kind: "taken", records });
  }
  const late =
    (await options.lateAmong?.(
      tx,
      first.child,
      takings.map(({ unit }) => unit),
    )) ?? new Set<PushUnit>();
  await appendAudit(tx, options.nodeId, [
    ...deleted,
    ...audit.map(({ unit, draft }) => (late.has(unit) ? { ...draft, outcome: "accepted-late" } : draft)),
  ]);
  for (const { operationId } of late) verdicts.set(operationId, toldLate(verdicts.get(operationId)!));
  return verdicts;
}

function auditOf(
  record: PushedRecord,
  verdict: RecordVerdict,
  before: StoredVersion | undefined,
  { unit, child }: Taking,
  now: number,
): AuditDraft {
  return {
    at: now,
    actor: child,
    operation: verdict.outcome === "merged" ? "merge" : "push",
    reference: `${record.type}/${record.id}`,
    versionBefore: before?.version ?? null,
    versionAfter: verdict.version,
    link: child,
    operationId: unit.operationId,
    outcome: verdict.outcome === "applied" && record.body === null ? "deleted" : verdict.outcome,
    error: null,
  };
}

/** The child may not be told merged content of a patient that is not its own any more. */
function toldLate(verdict: UnitVerdict): UnitVerdict {
  if (!("records" in verdict)) return verdict;
  return { kind: "outside-catchment", records: verdict.records.map(({ body: _, ...told }) => told) };
}
