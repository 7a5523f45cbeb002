import { TributaryError } from "@tributary/kernel";
import type { PullReport } from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

/** `tributary pull`: one pull now, with progress for whoever watches. Returns the exit code: 0 only when complete. */
export async function pull({ dir }: { readonly dir: string }, terminal: Terminal): Promise<number> {
  await using node = await openNodeAt(dir, terminal);
  if (node.config.node.role === "parent") {
    throw new TributaryError("CONFIG_INVALID", `The node ${node.id} is a parent; its children pull from it.`);
  }
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  await using synchronizer = await node.openSynchronizer({
    onProgress: ({ tally, marker }) =>
      terminal.redraw(`${tally.applied} records taken in; at ${marker?.position ?? 0} of ${marker?.head ?? "?"}.`),
  });
  const report = await synchronizer.pullOnce(stop.signal);
  process.off("SIGINT", end).off("SIGTERM", end);
  terminal.note(sentenceOf(report));
  return report.status === "complete" ? exitCodes.done : exitCodes.failed;
}

function sentenceOf(report: PullReport): string {
  const did = `${report.applied} records taken in from ${report.parent} in ${(report.tookMs / 1000).toFixed(1)} s, ${report.requests} requests, ${report.bytesDown} bytes`;
  if (report.status === "complete") return `Complete: ${did}.`;
  if (report.status === "partial")
    return `Partial: ${did}; ${report.waiting} records wait and are tried again by themselves.`;
  const why = report.error ? `${report.error.message} [${report.error.code}]` : "";
  return `${report.status === "refused" ? "Refused" : "Interrupted"}: ${did}. ${why}`;
}
