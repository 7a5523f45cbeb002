import { exchangeKeys } from "../carry/exchange-keys.ts";
import { countHeldPulls } from "../control/held-pulls.ts";
import { putPullOutcome } from "../enrolment/parent-link.ts";
import { type LineFailure, trafficSince } from "../parent-line.ts";
import { countFailedPulls } from "../pull/failed-pulls.ts";
import type { PullTally } from "../pull/pull-tally.ts";
import { healingRestored } from "../restore/heal-restored.ts";
import type { PullReport } from "../sync-report.ts";
import type { ChildEnd } from "./child-end.ts";
import { type OpenPull, pullRecords } from "./pull-records.ts";
import { pullSides } from "./pull-sides.ts";
import { brokenOff, outcomeOf, sumOf } from "./round-outcome.ts";

/** One pull: the records, then the streams beside them; told in a report, in the log and in the link's state. */
export async function pullRound(child: ChildEnd, signal: AbortSignal): Promise<PullReport> {
  const { options, catchment } = child;
  const { database, clock, logger, onReport } = options;
  const startedAt = clock.now();
  const tally: PullTally = { applied: 0, unchanged: 0, failed: 0 };
  const openPull = async (): Promise<OpenPull> => {
    const line = await child.openLine();
    return { line, target: child.targetFor(line.link, tally) };
  };
  let { line, target } = await openPull();
  const { connection } = line;
  const { parent } = line.link;
  const before = { ...connection.traffic };
  const openAnew = async () => ({ line, target } = await openPull());
  const error = await brokenOff(
    healingRestored(parent, options, () => pullRecords(child, { line, target }, openAnew, signal)),
    signal,
  );
  if (!error) await exchangeKeys(options, line.link, connection, signal);
  await catchment.purge(parent);
  const sideError = error ? undefined : await pullSides(child, line, await target.marker(), signal);
  const waiting = await countFailedPulls(database, parent);
  const report: PullReport = {
    status: outcomeOf(error, waiting),
    parent,
    ...tally,
    ...trafficSince(before, connection.traffic),
    marker: await target.marker(),
    waiting,
    heldBack: sumOf(await countHeldPulls(database, parent)),
    tookMs: Math.abs(clock.now() - startedAt),
    error,
    sideError,
  };
  const outcome = { at: clock.now(), status: report.status, error: error?.code ?? null };
  await database.transaction((tx) => putPullOutcome(tx, parent, outcome));
  logPull(logger, report, error);
  onReport?.(report);
  return report;
}

function logPull(logger: ChildEnd["options"]["logger"], report: PullReport, error: LineFailure | undefined): void {
  const { parent, status, applied, waiting, requests, bytesDown, tookMs } = report;
  const told = { parent, status, applied, waiting, requests, bytesDown, tookMs, code: error?.code };
  if (status === "complete" && applied === 0) logger.debug(told, "Pulled; there was nothing new.");
  else if (error) logger.warn(told, "The pull was broken off.");
  else logger.info(told, "Pulled.");
}
