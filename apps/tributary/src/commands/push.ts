import { type AuditReport, type PushReport, requireNotPaused } from "@tributary/sync";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { describeForecast, type RoundOptions } from "./dry-run.ts";
import { oneRound } from "./one-round.ts";

/** `tributary push`: one push now. Returns the exit code: 0 only when nothing is left to send. */
export async function push(options: RoundOptions, terminal: Terminal): Promise<number> {
  const { dir, dryRun, evenIfPaused, json } = options;
  if (dryRun) {
    const forecast = await oneRound(dir, terminal, {}, (synchronizer) => synchronizer.dryRunPush());
    terminal.print(json ? JSON.stringify(forecast) : describeForecast(forecast, "go"));
    return exitCodes.done;
  }
  const { report, audit } = await oneRound(dir, terminal, {}, async (synchronizer, signal, node) => {
    if (!evenIfPaused) await requireNotPaused(node.database, ["push"]);
    const report = await synchronizer.pushOnce(signal);
    return { report, audit: report.error ? undefined : await synchronizer.shareAuditOnce(signal) };
  });
  if (json) terminal.print(JSON.stringify(report));
  else terminal.note(sentenceOf(report));
  if (audit && (audit.requests > 0 || audit.error)) terminal.note(sentenceOnAudit(audit));
  return report.status === "complete" ? exitCodes.done : exitCodes.failed;
}

function sentenceOnAudit({ told, broken, parent, requests, error }: AuditReport): string {
  if (error) return `The audit trail could not be told: ${error.message} [${error.code}]`;
  const further = broken > 0 ? "; the parent had other entries, and the trail goes on in a further chain" : "";
  return `${told} entries of the audit trail told to ${parent} in ${requests} requests${further}.`;
}

function sentenceOf(report: PushReport): string {
  const { pushed, merged, late, conflicts, parent, requests, bytesUp, queued, error } = report;
  const seconds = (report.tookMs / 1000).toFixed(1);
  const outside = late > 0 ? `, ${late} of patients that are not this node's any more` : "";
  const did = `${pushed + merged + late} records taken by ${parent} in ${seconds} s (${merged} merged, ${conflicts} conflicts${outside}), ${requests} requests, ${bytesUp} bytes`;
  const held = report.heldBack > 0 ? ` ${report.heldBack} units are held back by push.types.` : "";
  if (report.status === "complete") return `Complete: ${did}.${held}`;
  if (report.status === "partial") return `Partial: ${did}; ${leftOf(report)}. See \`tributary failed\`.`;
  const why = error ? `${error.message} [${error.code}]` : "";
  return `${report.status === "refused" ? "Refused" : "Interrupted"}: ${did}; ${queued} units wait. ${why}`;
}

/** What is left after a push. */
function leftOf({ refused, parked, delayed, queued, decisions }: PushReport): string {
  const left = [
    [refused, "units refused by the parent"],
    [parked, "units parked there for a record that it does not have"],
    [delayed, "units stepped over, since the parent failed on them"],
    [queued, "units waiting"],
    [decisions, "decisions about conflicts not taken by the parent"],
  ] as const;
  return left
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(", ");
}
