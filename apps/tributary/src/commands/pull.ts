import type { SyncListeners } from "@tributary/runtime";
import { type PullReport, requireNotPaused } from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { describeForecast, type RoundOptions } from "./dry-run.ts";
import { oneRound } from "./one-round.ts";
import { describeProgress } from "./snapshot-progress-text.ts";

/** `tributary pull`: one pull now, with progress for whoever watches. Returns the exit code: 0 only when complete. */
export async function pull(options: RoundOptions, terminal: Terminal): Promise<number> {
  const { dir, dryRun, evenIfPaused, json } = options;
  if (dryRun) {
    const forecast = await oneRound(dir, terminal, {}, (synchronizer, signal) => synchronizer.dryRunPull(signal));
    terminal.print(json ? JSON.stringify(forecast) : describeForecast(forecast, "come"));
    return exitCodes.done;
  }
  const onProgress: SyncListeners["onProgress"] = ({ tally, marker }) =>
    terminal.redraw(`${tally.applied} records taken in; at ${marker?.position ?? 0} of ${marker?.head ?? "?"}.`);
  const onSnapshotProgress: SyncListeners["onSnapshotProgress"] = (progress) =>
    terminal.redraw(describeProgress(progress));
  const listeners = { onProgress, onSnapshotProgress };
  const report = await oneRound(dir, terminal, listeners, async (synchronizer, signal, node) => {
    if (!evenIfPaused) await requireNotPaused(node.database, ["pull"]);
    return synchronizer.pullOnce(signal);
  });
  if (json) terminal.print(JSON.stringify(report));
  else terminal.note(sentenceOf(report));
  return report.status === "complete" ? exitCodes.done : exitCodes.failed;
}

function sentenceOf(report: PullReport): string {
  const did = `${report.applied} records taken in from ${report.parent} in ${(report.tookMs / 1000).toFixed(1)} s, ${report.requests} requests, ${report.bytesDown} bytes`;
  const held = report.heldBack > 0 ? ` ${report.heldBack} records are held back by pull.types.` : "";
  if (report.status === "complete") return `Complete: ${did}.${held}`;
  if (report.status === "partial")
    return `Partial: ${did}; ${report.waiting} records wait and are tried again by themselves.`;
  const why = report.error ? `${report.error.message} [${report.error.code}]` : "";
  return `${report.status === "refused" ? "Refused" : "Interrupted"}: ${did}. ${why}`;
}
