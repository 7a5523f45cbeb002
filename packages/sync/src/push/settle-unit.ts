import { type AuditDraft, appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import { forgetSettledPulls } from "../pull/failed-pulls.ts";
import { type LinkBase, putLinkBases, readLinkBases } from "../pull/link-base.ts";
import type { RecordVerdict, UnitVerdict } from "./push-unit.ts";
import { dropIfDiscarded } from "./queue/drop-discarded.ts";
import { recordsOf } from "./queue/gather-units.ts";
import type { QueuedUnit } from "./queue/queued-unit.ts";
import { dropQueuedUnit, keepFailedUnit } from "./queue/unit-state.ts";
import { revivedUnheard } from "./revived-unheard.ts";
import { takeMerged } from "./take-merged.ts";

export interface SettleOptions {
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly clock: Clock;
  /** The two programs' versions by which verdicts are given, when both are known. */
  readonly judgedBy?: string | undefined;
}

/** What became of a unit's records. */
export interface PushTally {
  pushed: number;
  merged: number;
  conflicts: number;
  rejected: number;
  /** Taken though their patient is not this child's any more. */
  late: number;
}

/** A tally before anything was settled. */
export function emptyPushTally(): PushTally {
  return { pushed: 0, merged: 0, conflicts: 0, rejected: 0, late: 0 };
}

/** Until then a parked unit is asked about in every round: what it refers to is mostly on its way. */
const parkedOverdueMs = 24 * 3_600_000;
/** How often it is asked about later on. */
const overdueAskMs = 3_600_000;

type SentRecord = ReturnType<typeof recordsOf>[number];

/**
 * Draws the consequences of a verdict at the child, in one transaction with the unit's leaving the queue: the new bases,
 * and the parent's body where it merged. A record that has been edited on since keeps its edit, which is pushed next. A
 * unit that was refused or parked stays, and is set aside.
 */
export async function settleUnit(
  tx: Transaction,
  queued: QueuedUnit,
  verdict: Exclude<UnitVerdict, { kind: "withdrawn" }>,
  options: SettleOptions,
): Promise<PushTally> {
  const { parent, clock, judgedBy = null } = options;
  const now = clock.now();
  const tally = emptyPushTally();
  switch (verdict.kind) {
    case "rejected": {
      const { class: failureClass = "invalid", reason } = verdict;
      await keepFailedUnit(tx, parent, queued.counter, { class: failureClass, reason, judgedBy, now });
      await dropIfDiscarded(tx, parent, queued.counter);
      await auditFailedAttempt(tx, queued, { outcome: "rejected", error: failureClass }, options);
      return { ...tally, rejected: recordsOf(queued.changes).length };
    }
    case "parked": {
      const { missing } = verdict;
      const isOverdue = now - (queued.history?.firstRefusedAt ?? now) > parkedOverdueMs;
      const nextAttemptAt = isOverdue ? now + overdueAskMs : null;
      await keepFailedUnit(tx, parent, queued.counter, { class: "dependency", missing, nextAttemptAt, now });
      const wasParked = "state" in queued && queued.state === "parked";
      if (!wasParked) await auditFailedAttempt(tx, queued, { outcome: "parked", error: "missing-reference" }, options);
      return tally;
    }
    case "taken":
    case "outside-catchment":
      await settleTaken(tx, queued, verdict.records, verdict.kind === "outside-catchment", tally, options);
      return tally;
  }
}

async function settleTaken(
  tx: Transaction,
  { changes, counter, operationId }: QueuedUnit,
  verdicts: readonly RecordVerdict[],
  isLate: boolean,
  tally: PushTally,
  options: SettleOptions,
): Promise<void> {
  const { nodeId, parent, clock } = options;
  const sent = new Map(recordsOf(changes).map((record) => [`${record.type}/${record.id}`, record]));
  // Under the records' locks, as a pull reads them: what it agrees on meanwhile is not written over.
  await options.store.readForChange(tx, [...sent.values()]);
  const known = await readLinkBases(tx, parent, [...sent.values()]);
  const revived = await revivedUnheard(tx, { sent, known, verdicts }, options.store);
  const bases: LinkBase[] = [];
  const audit: AuditDraft[] = [];
  for (const one of verdicts) {
    const record = sent.get(`${one.type}/${one.id}`);
    if (!record) continue;
    const before = known.get(`${one.type}/${one.id}`);
    const staying = isOvertaken(before, record, one) || revived.has(record) ? before : undefined;
    const base = staying ?? {
      ...(await baseAfter(tx, record, before, one, operationId, options)),
      isOutside: isLate,
    };
    bases.push(base);
    tally.conflicts += one.conflicts;
    if (isLate) tally.late += 1;
    else if (one.outcome === "merged") tally.merged += 1;
    else tally.pushed += 1;
    audit.push({
      at: clock.now(),
      actor: parent,
      link: parent,
      operationId,
      operation: "push",
      reference: `${one.type}/${one.id}`,
      versionBefore: record.version,
      // What overtook the verdict has an entry of its own.
      versionAfter: staying ? record.version : base.localVersion,
      outcome: isLate ? "accepted-late" : one.outcome,
      error: null,
    });
  }
  await putLinkBases(tx, parent, bases);
  // What is not in step is still to be pulled, where it has been announced: its patient has come in meanwhile.
  await forgetSettledPulls(
    tx,
    parent,
    bases.filter(({ differs }) => differs !== true),
  );
  await appendAudit(tx, nodeId, audit);
  await dropQueuedUnit(tx, parent, counter);
}

/**
 * Whether a pull has brought the two ends in step meanwhile at this verdict's version or a later one. The verdict was
 * held up on its way then, and a base never goes back.
 */
function isOvertaken(base: LinkBase | undefined, record: SentRecord, verdict: RecordVerdict): base is LinkBase {
  if (!base || base.remoteVersion < verdict.version) return false;
  return base.remoteVersion > verdict.version || base.localVersion >= record.version;
}

async function auditFailedAttempt(
  tx: Transaction,
  { changes, operationId }: QueuedUnit,
  { outcome, error }: { readonly outcome: string; readonly error: string },
  { nodeId, parent, clock }: SettleOptions,
): Promise<void> {
  await appendAudit(
    tx,
    nodeId,
    recordsOf(changes).map(({ type, id, version }) => ({
      at: clock.now(),
      actor: parent,
      link: parent,
      operationId,
      operation: "failed-attempt",
      reference: `${type}/${id}`,
      versionBefore: version,
      versionAfter: null,
      outcome,
      error,
    })),
  );
}

async function baseAfter(
  tx: Transaction,
  record: SentRecord,
  before: LinkBase | undefined,
  verdict: RecordVerdict,
  operation: string,
  options: SettleOptions,
): Promise<LinkBase> {
  const { type, id, version } = record;
  const same: LinkBase = { type, id, localVersion: version, remoteVersion: verdict.version };
  if (verdict.outcome !== "merged") return same;
  // Outside the catchment the merged body is not told: what is here stays, and is not in step with it.
  if (verdict.body === undefined) return { ...same, differs: true };
  return takeMerged(tx, { sent: same, agreed: before?.remoteVersion ?? 0, verdict }, { ...options, operation });
}
