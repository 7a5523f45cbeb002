import { type Direction, directions } from "./direction.ts";
import type { Schedule } from "./schedule.ts";

/** The schedules of a link; a push without one of its own goes before every pull. */
export interface LinkSchedules {
  readonly push?: Schedule;
  readonly pull: Schedule;
}

/** However far the next time is, the clock is looked at again after an hour, since it may have been set. */
const waitMaxMs = 3_600_000;

/**
 * What a link is to do when. It holds the next time of each direction; no order rests on the clock, which may be set at
 * any moment: a time that has come to lie further ahead than the schedule says is put right.
 */
export class Timetable {
  readonly #schedules: Partial<Record<Direction, Schedule>>;
  readonly #due = new Map<Direction, number | undefined>();

  constructor(schedules: LinkSchedules, now: number) {
    this.#schedules = schedules;
    for (const direction of this.#scheduled) {
      const schedule = this.#schedules[direction]!;
      this.#due.set(direction, schedule.isDueAtStart ? now : schedule.nextAfter(now));
    }
  }

  /** The directions that are due, in the order in which they are to be done; a push goes before every pull. */
  dueAt(now: number): Direction[] {
    const due = this.#scheduled.filter((direction) => {
      const at = this.#nextOf(direction, now);
      return at !== undefined && at <= now;
    });
    return due.includes("pull") && !this.#schedules.push ? [...directions] : due;
  }

  /** Makes everything due at once. */
  hurry(now: number): void {
    for (const direction of this.#scheduled) this.#due.set(direction, now);
  }

  /** A direction was done, or was due and paused: its next time is told by its schedule. */
  done(direction: Direction, now: number): void {
    const schedule = this.#schedules[direction];
    if (schedule) this.#due.set(direction, schedule.nextAfter(now));
  }

  /** How long there is nothing to do. */
  waitMs(now: number): number {
    const next = this.#scheduled.map((direction) => this.#nextOf(direction, now) ?? Number.POSITIVE_INFINITY);
    return Math.min(waitMaxMs, Math.max(0, Math.min(...next) - now));
  }

  get #scheduled(): Direction[] {
    return directions.filter((direction) => this.#schedules[direction]);
  }

  #nextOf(direction: Direction, now: number): number | undefined {
    const at = this.#due.get(direction);
    const anew = this.#schedules[direction]?.nextAfter(now);
    if (at === undefined || anew === undefined || anew >= at) return at;
    this.#due.set(direction, anew);
    return anew;
  }
}
