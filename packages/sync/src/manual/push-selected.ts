import { type ResourceKey, referenceTo } from "@tributary/fhir";
import { type NodeId, newUuid } from "@tributary/kernel";
import { retryFailure } from "../failures/retry-failure.ts";
import type { PushOptions } from "../push/push-options.ts";
import type { UnitVerdict } from "../push/push-unit.ts";
import { recordsOf } from "../push/queue/gather-units.ts";
import { offerRecords } from "../push/queue/queue-by-hand.ts";
import { queueOwnChanges } from "../push/queue/queue-own-changes.ts";
import type { QueuedUnit } from "../push/queue/queued-unit.ts";
import { readFailedUnits, readQueuedUnits } from "../push/queue/read-units.ts";
import { sendQueue } from "../push/send-queue.ts";
import { emptyPushTally } from "../push/settle-unit.ts";
import { refuseUnfinishedOffer } from "../restore/unfinished-offer.ts";
import type { SelectedRecord } from "./find-selected.ts";
import type { ManualResult } from "./manual-request.ts";

/** Who wants records pushed. */
export interface PushSelectedActor {
  readonly nodeId: NodeId;
  readonly author: string;
  readonly now: number;
}

/**
 * Sends chosen records by the ordinary queue, ahead of everything that they do not depend on. What has been changed here
 * goes with its unit; what failed before is tried again; what the parent is thought to have is offered with its base,
 * and is answered as unchanged unless the parent has it otherwise or not at all.
 *
 * The results are complete even when the line breaks: what has no answer is still queued. Throws what the line throws,
 * after having told the results; and, before anything is queued, `EPOCH_CHANGED` while what a restored parent has lost is
 * only queued in part.
 */
export async function pushSelected(
  records: readonly SelectedRecord[],
  options: PushOptions,
  actor: PushSelectedActor,
  tell: (results: readonly ManualResult[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { database, nodeId, parent, clock, random } = options;
  const chosen = new Set(records.map(referenceTo));
  await refuseUnfinishedOffer(database, parent);
  await queueOwnChanges(database, parent, nodeId, () => newUuid(clock, random).slice(-12));
  await retryFailed(chosen, options, actor);
  await offer(records, options);
  const answered = new Map<string, ManualResult>();
  const onVerdicts = (units: readonly QueuedUnit[], verdicts: ReadonlyMap<string, UnitVerdict>) => {
    for (const unit of units) {
      const verdict = verdicts.get(unit.operationId);
      if (verdict) for (const result of resultsOf(unit, verdict)) answered.set(referenceTo(result), result);
    }
  };
  try {
    await sendQueue({ ...options, plan: { only: chosen }, onVerdicts }, emptyPushTally(), signal);
  } finally {
    const failed = await failedResults(chosen, options);
    tell(
      records.map((record) => {
        const name = referenceTo(record);
        return answered.get(name) ?? failed.get(name) ?? resultOf(record, "queued", null);
      }),
    );
  }
}

/** Has what failed of the chosen records tried again: a refused unit goes back into the queue under a new name. */
async function retryFailed(
  chosen: ReadonlySet<string>,
  { database, parent }: PushOptions,
  actor: PushSelectedActor,
): Promise<void> {
  await database.transaction(async (tx) => {
    for (const unit of await readFailedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER)) {
      if (unit.changes.some((change) => chosen.has(referenceTo(change)))) {
        await retryFailure(tx, `push:${unit.history.firstCounter}`, actor);
      }
    }
  });
}

/** Queues the records that no unit has, each as it is now. */
async function offer(records: readonly SelectedRecord[], options: PushOptions): Promise<void> {
  const { database, store, nodeId, parent, clock, random } = options;
  await database.transaction(async (tx) => {
    const queued = await readQueuedUnits(tx, parent, Number.MAX_SAFE_INTEGER);
    const failed = await readFailedUnits(tx, parent, 0, Number.MAX_SAFE_INTEGER);
    const waiting = new Set([...queued, ...failed].flatMap(({ changes }) => changes.map(referenceTo)));
    const keys = records.filter((record) => !waiting.has(referenceTo(record))).map(({ type, id }) => ({ type, id }));
    const current = await store.readMany(tx, keys);
    await offerRecords(
      tx,
      parent,
      nodeId,
      [...current.values()].map(({ key, version }) => ({
        ...key,
        version,
        transaction: `offered ${newUuid(clock, random)}`,
      })),
    );
  });
}

async function failedResults(
  chosen: ReadonlySet<string>,
  { database, parent }: PushOptions,
): Promise<ReadonlyMap<string, ManualResult>> {
  const failed = await readFailedUnits(database, parent, 0, Number.MAX_SAFE_INTEGER);
  const results = failed.flatMap((unit) =>
    recordsOf(unit.changes)
      .filter((record) => chosen.has(referenceTo(record)))
      .map((record) =>
        unit.state === "refused"
          ? resultOf(record, "rejected", unit.reason)
          : resultOf(record, "parked", unit.missing.length > 0 ? `waits for ${unit.missing.join(", ")}` : "no-verdict"),
      ),
  );
  return new Map(results.map((result) => [referenceTo(result), result]));
}

function resultsOf(unit: QueuedUnit, verdict: UnitVerdict): ManualResult[] {
  switch (verdict.kind) {
    case "taken":
    case "outside-catchment":
      return verdict.records.map((record) => ({
        ...resultOf(record, record.outcome, verdict.kind === "taken" ? null : "outside-catchment"),
        conflicts: record.conflicts,
      }));
    case "rejected":
      return recordsOf(unit.changes).map((record) => resultOf(record, "rejected", verdict.reason));
    case "parked":
      return recordsOf(unit.changes).map((record) =>
        resultOf(record, "parked", `waits for ${verdict.missing.join(", ")}`),
      );
    case "withdrawn":
      return [];
  }
}

function resultOf({ type, id }: ResourceKey, outcome: ManualResult["outcome"], reason: string | null): ManualResult {
  return { type, id, direction: "push", outcome, conflicts: 0, reason };
}
