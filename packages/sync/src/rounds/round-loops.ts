import { type BackoffPlan, TributaryError, WorkerLoop } from "@tributary/kernel";
import type { Direction } from "../control/direction.ts";
import { readLinkPauses } from "../control/pauses.ts";
import { everyMs as interval } from "../control/schedule.ts";
import { type LinkSchedules, Timetable } from "../control/timetable.ts";
import type { LineFailure } from "../parent-line.ts";
import type { SynchronizerOptions } from "../synchronizer-options.ts";

/** After failures in a row a child waits up to a quarter of an hour, so that a returning parent is not stormed. */
const roundBackoff: BackoffPlan = { firstMs: 1_000, maximumMs: 15 * 60_000 };

/** The clock may be set at any moment, so that it is looked at again after an hour. */
const verifyLookMs = 3_600_000;

/** The rounds that are run by themselves. */
export interface TimedRounds {
  pushOnce(signal: AbortSignal): Promise<{ readonly error: LineFailure | undefined }>;
  shareAuditOnce(signal: AbortSignal): Promise<unknown>;
  pullOnce(signal: AbortSignal): Promise<{ readonly error: LineFailure | undefined }>;
  verifyOnce(signal: AbortSignal, options: { readonly isRepairing: boolean }): Promise<unknown>;
}

type Verifying = NonNullable<SynchronizerOptions["verify"]>;

/** Runs a child's rounds by their schedules, and whenever it is woken; a paused direction is left out. */
export class RoundLoops implements AsyncDisposable {
  readonly #options: SynchronizerOptions;
  readonly #rounds: TimedRounds;
  #timetable: Timetable;
  readonly #syncing: WorkerLoop;
  #verifying: WorkerLoop | undefined;
  #verify: Verifying | undefined;
  /** When all records are compared next; `undefined` for never. */
  #verifyDue: number | undefined;

  constructor(options: SynchronizerOptions, rounds: TimedRounds) {
    const { clock, everyMs, schedules = { pull: interval(everyMs) }, verify } = options;
    this.#options = options;
    this.#rounds = rounds;
    this.#timetable = new Timetable(schedules, clock.now());
    this.#syncing = this.#startSyncing(rounds);
    if (verify) this.verifyBy(verify);
  }

  /** Says that there may be something to send or to take. */
  wake(): void {
    this.#timetable.hurry(this.#options.clock.now());
    this.#syncing.wake();
  }

  /** Goes by other schedules, as if it had begun with them now. */
  reschedule(schedules: LinkSchedules): void {
    this.#timetable = new Timetable(schedules, this.#options.clock.now());
    this.#syncing.wake();
  }

  /** Compares all records by another schedule, as if it had begun with it now. */
  verifyBy(verify: Verifying): void {
    const now = this.#options.clock.now();
    this.#verify = verify;
    this.#verifyDue = verify.schedule.isDueAtStart ? now : verify.schedule.nextAfter(now);
    if (this.#verifying) this.#verifying.wake();
    else this.#verifying = this.#startVerifying(this.#rounds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#verifying?.[Symbol.asyncDispose]();
    await this.#syncing[Symbol.asyncDispose]();
  }

  #startSyncing(rounds: TimedRounds): WorkerLoop {
    const { clock } = this.#options;
    return new WorkerLoop({
      ...this.#options,
      name: "sync",
      pollMs: () => this.#timetable.waitMs(clock.now()),
      backoff: roundBackoff,
      round: async (signal) => {
        await this.#doWhatIsDue(rounds, signal);
        return "idle";
      },
    });
  }

  async #doWhatIsDue(rounds: TimedRounds, signal: AbortSignal): Promise<void> {
    const { clock, database } = this.#options;
    const timetable = this.#timetable;
    const pauses = await readLinkPauses(database);
    for (const direction of timetable.dueAt(clock.now())) {
      if (!pauses.some((pause) => pause.direction === direction)) {
        const isCut = await this.#doOne(direction, rounds, signal);
        if (isCut) return;
      }
      timetable.done(direction, clock.now());
    }
  }

  async #doOne(direction: Direction, rounds: TimedRounds, signal: AbortSignal): Promise<boolean> {
    const { error } = await (direction === "push" ? rounds.pushOnce(signal) : rounds.pullOnce(signal));
    if (error && !signal.aborted) throw new TributaryError(error.code, error.message, error);
    if (error) return true;
    if (direction === "push") await rounds.shareAuditOnce(signal);
    return false;
  }

  #startVerifying(rounds: TimedRounds): WorkerLoop {
    const { clock } = this.#options;
    return new WorkerLoop({
      ...this.#options,
      name: "verify",
      pollMs: () => Math.min(verifyLookMs, Math.max(0, (this.#verifyDue ?? Number.POSITIVE_INFINITY) - clock.now())),
      backoff: roundBackoff,
      round: async (signal) => {
        const [due, verify] = [this.#verifyDue, this.#verify];
        if (!verify || due === undefined || clock.now() < due) return "idle";
        await rounds.verifyOnce(signal, verify);
        if (this.#verify === verify) this.#verifyDue = verify.schedule.nextAfter(clock.now());
        return "idle";
      },
    });
  }
}
