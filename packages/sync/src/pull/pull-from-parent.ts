import type { Database } from "@tributary/database";
import { type Clock, isErrorCode, type Logger } from "@tributary/kernel";
import { fetchHeldPulls } from "../control/fetch-held-pulls.ts";
import type { TypeFilter } from "../control/type-filter.ts";
import { asFarAsCarried, NotCarried } from "../line/not-carried.ts";
import { fetchWithNeeds, replicate } from "../replicate.ts";
import { entryAbout } from "../stream/stream-entry.ts";
import { readDueFailedPulls } from "./failed-pulls.ts";
import type { LocalTarget } from "./local-target.ts";
import type { ParentSource } from "./parent-source.ts";

export interface PullOptions {
  readonly database: Database;
  readonly parent: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The types that are taken in by themselves; all of them when left out. */
  readonly types?: TypeFilter;
  /**
   * Told that the stream is not the one that was read up to the marker; answers whether another catchment is the cause,
   * which has been taken up then, and the pull begins anew with its stream.
   */
  readonly takeUpCatchment?: (signal: AbortSignal) => Promise<boolean>;
  /** Goes back to what both have in common when the parent's history has changed; to the beginning when left out. */
  readonly onOtherHistory?: (signal: AbortSignal) => Promise<void>;
}

/**
 * Brings the target to the end of the parent's stream, then fetches what failed before and is due again, and what was held
 * back and is so no more: what that has come to refer to since is here by then, with all that was changed with it. When the
 * parent turns out to have another history, its stream is read from the last place that both have in common. Throws what
 * the line throws.
 */
export async function pullFromParent(
  source: ParentSource,
  target: LocalTarget,
  options: PullOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    await bringToTheEnd(source, target, options, signal);
  } catch (error) {
    if (!isErrorCode(error, "EPOCH_CHANGED")) throw error;
    if (await options.takeUpCatchment?.(signal)) return;
    options.logger.warn(
      { parent: options.parent, code: error.code },
      "The parent's stream has another history; going back to what both have in common.",
    );
    await (options.onOtherHistory?.(signal) ?? target.forgetHistory());
    await bringToTheEnd(source, target, options, signal);
  }
}

async function bringToTheEnd(
  source: ParentSource,
  target: LocalTarget,
  options: PullOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    await replicate(source, target, signal);
  } catch (error) {
    // A file may hold what was waited for, and not the whole stream.
    if (error instanceof NotCarried) await fetchWhatWaits(source, target, options, signal);
    throw error;
  }
  await fetchWhatWaits(source, target, options, signal);
}

async function fetchWhatWaits(
  source: ParentSource,
  target: LocalTarget,
  options: PullOptions,
  signal: AbortSignal,
): Promise<void> {
  await asFarAsCarried(retryFailed(source, target, options, signal));
  await asFarAsCarried(fetchHeldPulls(source, target, options, signal));
}

async function retryFailed(
  source: ParentSource,
  target: LocalTarget,
  { database, parent, clock }: PullOptions,
  signal: AbortSignal,
): Promise<void> {
  const due = await readDueFailedPulls(database, parent, clock.now());
  const entries = due.map(({ type, id, remoteVersion }) => entryAbout({ type, id }, remoteVersion));
  for await (const fetched of fetchWithNeeds(source, target, entries, signal)) {
    await target.apply({ ...fetched, settled: [], through: undefined });
  }
}
