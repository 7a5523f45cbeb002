import type { PushReport } from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { oneRound } from "./one-round.ts";

/** `tributary push`: one push now. Returns the exit code: 0 only when nothing is left to send. */
export async function push({ dir }: { readonly dir: string }, terminal: Terminal): Promise<number> {
  const report = await oneRound(dir, terminal, {}, (synchronizer, signal) => synchronizer.pushOnce(signal));
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
