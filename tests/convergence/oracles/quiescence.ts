import type { Holdings } from "../holdings.ts";
import { type Finding, Findings } from "./finding.ts";

/** What went over a child's line in a while without any change. */
export interface QuietWhile {
  readonly child: string;
  readonly requests: number;
  /** Answers that had a body. */
  readonly bodies: number;
}

/** I12: once all are in step, further rounds write nothing, carry nothing, and cost one request each. */
export function checkQuiescence(
  before: readonly Holdings[],
  after: readonly Holdings[],
  lines: readonly QuietWhile[],
): Finding {
  const findings = new Findings("I12", "rounds of nodes in step write and carry nothing");
  for (const [at, one] of before.entries()) {
    const later = after[at]!;
    for (const kind of ["versions", "announced", "audit", "conflicts"] as const) {
      findings.expect(
        one[kind].length === later[kind].length,
        () => `${one.site} had ${one[kind].length} ${kind} and has ${later[kind].length}`,
      );
    }
  }
  for (const { child, requests, bodies } of lines) {
    findings.expect(requests > 0, () => `${child} asked nothing at all`);
    findings.expect(bodies === 0, () => `${bodies} of ${requests} answers to ${child} had a body`);
  }
  return findings.finding;
}
