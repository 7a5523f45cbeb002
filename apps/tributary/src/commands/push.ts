import type { PushReport } from "@tributary/admin-api";
import { openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { describeForecast, type RoundOptions } from "./dry-run.ts";
import { printable } from "./text-table.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** `tributary push`: one push now. Returns the exit code: 0 only when nothing is left to send. */
export async function push(options: RoundOptions, terminal: Terminal): Promise<number> {
  const { dryRun, evenIfPaused, json } = options;
  await using admin = await openAdmin(options, terminal);
  const body = { dryRun, evenIfPaused };
  const told = await untilInterrupted((signal) => admin.ask("POST /push", { body, signal }));
  if (json) terminal.print(losslessJson(told));
  if (!("status" in told)) {
    if (!json) terminal.print(describeForecast(told, "go"));
    return exitCodes.done;
  }
  if (!json) terminal.note(printable(sentenceOf(told)));
  const { audit } = told;
  if (audit && (audit.requests > 0 || audit.error)) terminal.note(printable(sentenceOnAudit(audit)));
  return told.status === "complete" ? exitCodes.done : exitCodes.failed;
}

function sentenceOnAudit({ told, broken, parent, requests, error }: NonNullable<PushReport["audit"]>): string {
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
