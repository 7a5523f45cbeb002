import { appendAudit } from "@tributary/audit";
import { type BackoffPlan, nextDelay } from "@tributary/kernel";
import { recordsOf } from "./gather-units.ts";
import { keepFailedUnit, type QueuedUnit } from "./push-queue.ts";
import type { PushOptions } from "./push-to-parent.ts";

/** A unit on which the parent fails mostly needs a new program there, or somebody who looks: minutes, then hours. */
const steppedOverBackoff: BackoffPlan = { firstMs: 60_000, maximumMs: 3_600_000 };

/**
 * Sets a unit aside on which the parent failed without giving a verdict: it keeps its name and its content, since it may
 * have been taken, and is sent again by itself, later each time.
 */
export async function stepOver(queued: QueuedUnit, options: PushOptions): Promise<void> {
  const { database, parent, nodeId, clock, random } = options;
  const now = clock.now();
  const attempts = (queued.history?.attempts ?? 0) + 1;
  const nextAttemptAt = now + nextDelay(attempts, steppedOverBackoff, random);
  await database.transaction(async (tx) => {
    await keepFailedUnit(tx, parent, queued.counter, { class: "transient", now, nextAttemptAt });
    await appendAudit(
      tx,
      nodeId,
      recordsOf(queued.changes).map(({ type, id, version }) => ({
        at: now,
        actor: parent,
        link: parent,
        operationId: queued.operationId,
        operation: "failed-attempt",
        reference: `${type}/${id}`,
        versionBefore: version,
        versionAfter: null,
        outcome: "stepped-over",
        error: "no-verdict",
      })),
    );
  });
}
