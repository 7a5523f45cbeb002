import type { Holdings } from "../holdings.ts";
import { type Finding, Findings } from "./finding.ts";

/** I6: an operation, however often it was sent, is one version, one announcement and one audit entry of each record. */
export function checkExactlyOnce(parent: Holdings, all: readonly Holdings[]): Finding {
  const findings = new Findings("I6", "every operation takes effect once");
  const byOperation = countBy(
    parent.versions.flatMap(({ reference, operation }) => (operation === null ? [] : [`${operation} ${reference}`])),
  );
  for (const [name, count] of byOperation)
    findings.expect(count === 1, () => `${name}: ${count} versions at the parent`);
  const taken = parent.audit.filter(({ operation, outcome }) => operation !== "failed-attempt" && isChange(outcome));
  const entries = countBy(
    taken.flatMap(({ node, operation_id: id, reference }) =>
      id === null || reference === null || node !== parent.site ? [] : [`${String(id)} ${String(reference)}`],
    ),
  );
  for (const [name, count] of entries)
    findings.expect(count === 1, () => `${name}: ${count} audit entries at the parent`);
  for (const { site, announced } of all) {
    const told = countBy(announced.map(({ feed, reference, version }) => `${feed}: ${reference} ${version}`));
    for (const [name, count] of told)
      findings.expect(count === 1, () => `${name} is announced ${count} times at ${site}`);
  }
  return findings.finding;
}

function isChange(outcome: unknown): boolean {
  return outcome === "applied" || outcome === "merged";
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
