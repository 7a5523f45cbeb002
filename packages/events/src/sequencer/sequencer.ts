import type { Database } from "@tributary/database";
import { type Clock, type Logger, type Random, type RoundOutcome, WorkerLoop } from "@tributary/kernel";
import { moveBatchMax, moveOnce } from "./move-queued-events.ts";

/** How long an event of another process may wait before this one looks; a poll of an empty queue costs about 0.2 ms. */
const pollMsDefault = 50;
/** After a round that moved something, the events of so many milliseconds share the next one, and its durable commit. */
const gatherMs = 5;
/** A row that the hint would skip waits at most so long while the queue is busy … */
const wholeScanMs = 1_000;
/** … and so long while it is idle. */
const wholeScanWhenIdleMs = 200;
const backoff = { firstMs: 100, maximumMs: 10_000 };

/** What a sequencer works with, and how often it looks by itself. */
export interface SequencerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How long to wait for a wake while the queue is empty; 50 when it is absent. */
  readonly pollMs?: number;
  /** Rows moved in one transaction; 1,000 when it is absent. */
  readonly batchMax?: number;
  /** Told after a round how many records have just become readable. */
  readonly onMoved?: (count: number) => void;
}

/** Gives committed events their place in the log; disposal resolves when the running round has ended. */
export interface Sequencer extends AsyncDisposable {
  /** Says that events have been committed; cheap, and harmless when there are none. */
  wake(): void;
}

/**
 * Starts a sequencer that moves queued events until it is disposed of: at once on a wake, on a poll otherwise. Several
 * nodes or processes may each run one on the same database.
 *
 * On SQLite it does nothing: the one writer numbers its events itself.
 */
export function openSequencer(options: SequencerOptions): Sequencer {
  return options.database.dialect === "sqlite" ? idleSequencer : startMoving(options);
}

const idleSequencer: Sequencer = { wake() {}, async [Symbol.asyncDispose]() {} };

function startMoving(options: SequencerOptions): Sequencer {
  const { database, clock, random, logger, onMoved, batchMax = moveBatchMax, pollMs = pollMsDefault } = options;
  let lastWholeScan = Number.NEGATIVE_INFINITY;

  async function scan(now: number): Promise<number> {
    const sinceWholeScan = Math.abs(now - lastWholeScan);
    if (sinceWholeScan < wholeScanMs) {
      const moved = await moveOnce(database, batchMax, "from hint");
      if (moved > 0 || sinceWholeScan < wholeScanWhenIdleMs) return moved;
    }
    lastWholeScan = now;
    return moveOnce(database, batchMax, "whole queue");
  }

  async function round(signal: AbortSignal): Promise<RoundOutcome> {
    const moved = await scan(clock.now());
    if (moved > 0) onMoved?.(moved);
    if (moved === batchMax) return "busy";
    if (moved > 0) await clock.sleep(gatherMs, signal);
    return "idle";
  }

  return new WorkerLoop({ name: "sequencer", round, pollMs, backoff, clock, random, logger });
}
