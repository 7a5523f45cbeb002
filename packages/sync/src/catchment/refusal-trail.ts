import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database } from "@tributary/database";
import type { Clock, NodeId } from "@tributary/kernel";

/** A child that asks for what it may not see is entered at most so often; what came between is counted. */
const enteredEveryMs = 60_000;
/** Children whose refusals are counted at a time; more than any parent has. */
const childrenMax = 10_000;

export interface RefusalTrailOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly clock: Clock;
}

/** Enters in the audit trail that a child asked for what it may not see: how often, and never for what. */
export class RefusalTrail {
  readonly #options: RefusalTrailOptions;
  readonly #counts = new Map<string, { enteredAt: number; since: number }>();

  constructor(options: RefusalTrailOptions) {
    this.#options = options;
  }

  /** Counts `refused` records or requests of a child. */
  async note(child: string, refused: number): Promise<void> {
    const { database, nodeId, clock } = this.#options;
    const now = clock.now();
    if (this.#counts.size >= childrenMax) this.#counts.clear();
    const count = this.#counts.get(child) ?? { enteredAt: Number.NEGATIVE_INFINITY, since: 0 };
    this.#counts.set(child, count);
    count.since += refused;
    if (Math.abs(now - count.enteredAt) < enteredEveryMs) return;
    const error = `outside-catchment:${count.since}`;
    Object.assign(count, { enteredAt: now, since: 0 });
    await database.transaction((tx) =>
      appendAudit(tx, nodeId, [
        auditDraft({
          at: now,
          actor: child,
          operation: "failed-attempt",
          link: child,
          outcome: "rejected",
          error,
        }),
      ]),
    );
  }
}
