import { AuditTrailSender } from "../audit-trail/audit-trail-sender.ts";
import { CatchmentFollower } from "../catchment/follow/catchment-follower.ts";
import { depart, purgeAtOnce } from "../catchment/follow/receive-movements.ts";
import type { PushPlan } from "../control/push-plan.ts";
import type { Steering } from "../control/steering.ts";
import { everyType, type TypeFilter } from "../control/type-filter.ts";
import { openParentLine, type ParentLine } from "../parent-line.ts";
import { LocalTarget } from "../pull/local-target.ts";
import type { PullTally } from "../pull/pull-tally.ts";
import type { PushOptions } from "../push/push-options.ts";
import type { SynchronizerOptions } from "../synchronizer-options.ts";

/** This node's end of the line to its parent: what all its rounds work with, and what they have learned of the line. */
export class ChildEnd {
  #options: SynchronizerOptions;
  readonly catchment: CatchmentFollower;
  readonly auditTrail: AuditTrailSender;
  #line: ParentLine | undefined;

  constructor(options: SynchronizerOptions) {
    this.#options = options;
    this.catchment = new CatchmentFollower(options);
    this.auditTrail = new AuditTrailSender(options);
  }

  get options(): SynchronizerOptions {
    return this.#options;
  }

  /** Goes by others of its options from now on. */
  steer(steering: Partial<Steering>): void {
    this.#options = { ...this.#options, ...steering };
  }

  /** What of the queue is sent by itself, and what first. */
  get plan(): PushPlan {
    return { types: this.options.types?.push, first: this.options.first };
  }

  /** The types that are pulled by themselves. */
  get pulled(): TypeFilter {
    return this.options.types?.pull ?? everyType;
  }

  /** The line as it is now: another one after a new enrolment, another stream with another catchment. Throws `NOT_ENROLLED`. */
  async openLine(): Promise<ParentLine> {
    this.#line = await openParentLine(this.options, this.#line);
    return this.#line;
  }

  /** Where a pull of a stream writes. */
  targetFor({ parent, stream }: Pick<ParentLine["link"], "parent" | "stream">, tally?: PullTally): LocalTarget {
    const { onProgress } = this.options;
    return new LocalTarget({
      ...this.options,
      ...(tally ? { tally } : {}),
      parent,
      stream,
      types: this.pulled,
      ...(onProgress ? { onApplied: (tally, marker) => onProgress({ tally, marker }) } : {}),
    });
  }

  /** What a push over this line goes by. */
  pushOver({ link, connection, pushSize, pushBudget }: ParentLine): PushOptions {
    return {
      ...this.options,
      parent: link.parent,
      connection,
      size: pushSize,
      budget: pushBudget,
      plan: this.plan,
    };
  }

  /** Lets go what a child of a catchment had and is not shown any more: it has left while the child was away. */
  async letLeave(parent: string, records: readonly { readonly type: string; readonly id: string }[]): Promise<void> {
    const names = records.map(({ type, id }) => (type === "Patient" ? id : `${type}/${id}`));
    const { database, afterExit = purgeAtOnce } = this.options;
    await database.transaction((tx) => depart(tx, names, { ...this.options, parent, afterExit }));
  }
}
