import type { AuditTally } from "../audit-trail/audit-trail-sender.ts";
import { trafficSince } from "../parent-line.ts";
import type { AuditReport } from "../sync-report.ts";
import type { ChildEnd } from "./child-end.ts";
import { brokenOff, outcomeOf } from "./round-outcome.ts";

/** One telling of the audit trail, told in a report and in the log. */
export async function auditRound(child: ChildEnd, signal: AbortSignal): Promise<AuditReport> {
  const { clock, logger } = child.options;
  const startedAt = clock.now();
  const { link, connection } = await child.openLine();
  const { parent } = link;
  const before = { ...connection.traffic };
  const tally: AuditTally = { told: 0, broken: 0 };
  const error = await brokenOff(child.auditTrail.tell({ parent, connection }, tally, signal), signal);
  const traffic = trafficSince(before, connection.traffic);
  const report: AuditReport = {
    status: outcomeOf(error, tally.broken),
    parent,
    ...tally,
    ...traffic,
    tookMs: Math.abs(clock.now() - startedAt),
    error,
  };
  const { error: _, ...told } = { ...report, code: error?.code };
  if (error || tally.broken > 0) logger.warn(told, "The audit trail could not be told as it is.");
  else if (traffic.requests > 0) logger.info(told, "Told the audit trail.");
  return report;
}
