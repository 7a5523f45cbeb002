import { appendAudit } from "@tributary/audit";
import { type BackoffPlan, nextDelay } from "@tributary/kernel";
import type { PushOptions } from "./push-options.ts";
import { recordsOf } from "./queue/gather-units.ts";
import type { QueuedUnit } from "./queue/queued-unit.ts";
import { keepFailedUnit } from "./queue/unit-state.ts";

/** A unit on which the parent fails mostly needs a new program there, or somebody who looks: minutes, then hours. */
const failingBackoff: BackoffPlan = { firstMs: 60_000, maximumMs: 3_600_000 };
/** One that is too large mostly is so tomorrow, and dear to send; but the limit may have been raised, or a proxy's. */
const tooLargeBackoff: BackoffPlan = { firstMs: 900_000, maximumMs: 24 * 3_600_000 };

/**
 * Sets a unit aside on which the parent failed without giving a verdict: it keeps its name and its content, since it may
 * have been taken, and is sent again by itself, later each time. So is one that was found too large for any request,
 * since whatever stands on the line may have said so.
 */
export async function stepOver(
  queued: QueuedUnit,
  failureClass: "transient" | "too-large",
  options: PushOptions,
): Promise<void> {
  const { database, parent, nodeId, clock, random } = options;
  const now = clock.now();
  const attempts = (queued.history?.attempts ?? 0) + 1;
  const backoff = failureClass === "too-large" ? tooLargeBackoff : failingBackoff;
  const nextAttemptAt = now + nextDelay(attempts, backoff, random);
  await database.transaction(async (tx) => {
    await keepFailedUnit(tx, parent, queued.counter, { class: failureClass, now, nextAttemptAt });
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
        error: failureClass === "too-large" ? failureClass : "no-verdict",
      })),
    );
  });
}
