import { TributaryError } from "@tributary/kernel";
import type { PushReport } from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

/** `tributary push`: one push now. Returns the exit code: 0 only when nothing is left to send. */
export async function push({ dir }: { readonly dir: string }, terminal: Terminal): Promise<number> {
  await using node = await openNodeAt(dir, terminal);
  if (node.config.node.role === "parent") {
    throw new TributaryError("CONFIG_INVALID", `The node ${node.id} is a parent; its children push to it.`);
  }
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  await using synchronizer = await node.openSynchronizer();
  const report = await synchronizer.pushOnce(stop.signal);
  process.off("SIGINT", end).off("SIGTERM", end);
  terminal.note(sentenceOf(report));
  return report.status === "complete" ? exitCodes.done : exitCodes.failed;
}

function sentenceOf(report: PushReport): string {
  const { pushed, merged, conflicts, parent, requests, bytesUp, queued, refused, error } = report;
  const seconds = (report.tookMs / 1000).toFixed(1);
  const did = `${pushed + merged} records taken by ${parent} in ${seconds} s (${merged} merged, ${conflicts} conflicts), ${requests} requests, ${bytesUp} bytes`;
  if (report.status === "complete") return `Complete: ${did}.`;
  if (report.status === "partial") return `Partial: ${did}; the parent refused ${refused} units, which stay here.`;
  const why = error ? `${error.message} [${error.code}]` : "";
  return `${report.status === "refused" ? "Refused" : "Interrupted"}: ${did}; ${queued} units wait. ${why}`;
}
