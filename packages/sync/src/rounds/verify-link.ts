import { type VerifyReport, verifyRound } from "../verify/verify-round.ts";
import type { ChildEnd } from "./child-end.ts";
import { pullRound } from "./pull-round.ts";
import { pushRound } from "./push-round.ts";

/** Compares all records with the parent's, after a push and a pull of what is still to go; told in the log. */
export async function verifyLink(child: ChildEnd, isRepairing: boolean, signal: AbortSignal): Promise<VerifyReport> {
  const { options } = child;
  const { link, connection, source } = await child.openLine();
  const report = await verifyRound(
    {
      ...options,
      parent: link.parent,
      connection,
      source,
      target: child.targetFor(link),
      isRepairing,
      sync: async (stop) => (await pushRound(child, stop)).error ?? (await pullRound(child, stop)).error,
    },
    signal,
  );
  const { differences, ...counts } = report;
  const told = { ...counts, differences: differences.length };
  if (report.outcome === "identical") options.logger.info(told, "Verified: identical with the parent.");
  else options.logger.warn(told, "Verified: not identical with the parent.");
  return report;
}
