import type { PullReport } from "@tributary/admin-api";
import type { SyncListeners } from "@tributary/runtime";
import { openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { describeForecast, type RoundOptions } from "./dry-run.ts";
import { followedFromAfar } from "./followed-from-afar.ts";
import { describeProgress } from "./snapshot-progress-text.ts";
import { printable } from "./text-table.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** `tributary pull`: one pull now, with progress for whoever watches. Returns the exit code: 0 only when complete. */
export async function pull(options: RoundOptions, terminal: Terminal): Promise<number> {
  const { dryRun, evenIfPaused, json } = options;
  await using admin = await openAdmin(options, terminal, progressOn(terminal));
  const body = { dryRun, evenIfPaused };
  const told = await untilInterrupted((signal) =>
    followedFromAfar(options, admin, terminal, () => admin.ask("POST /pull", { body, signal })),
  );
  if (json) terminal.print(losslessJson(told));
  if (!("status" in told)) {
    if (!json) terminal.print(describeForecast(told, "come"));
    return exitCodes.done;
  }
  if (!json) terminal.note(printable(sentenceOf(told)));
  return told.status === "complete" ? exitCodes.done : exitCodes.failed;
}

/** Draws how far a round of the folder's own node is. */
function progressOn(terminal: Terminal): SyncListeners {
  return {
    onProgress: ({ tally, marker }) =>
      terminal.redraw(`${tally.applied} records taken in; at ${marker?.position ?? 0} of ${marker?.head ?? "?"}.`),
    onSnapshotProgress: (progress) => terminal.redraw(describeProgress(progress)),
  };
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
