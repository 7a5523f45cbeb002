import { type Holdings, livingOf } from "../holdings.ts";
import type { Ledger } from "../ledger.ts";
import { type Finding, Findings } from "./finding.ts";

/** I3: every value in every version on every node was written by somebody, into this very record. */
export function checkNoPhantom(ledger: Ledger, all: readonly Holdings[]): Finding {
  const findings = new Findings("I3", "every stored value was written by somebody");
  const written = new Map<string, Set<string>>();
  for (const { reference, fresh } of ledger.writes) {
    const values = written.get(reference) ?? new Set<string>();
    for (const value of fresh) values.add(value);
    written.set(reference, values);
  }
  for (const { site, versions, conflicts } of all) {
    for (const { reference, version, body } of versions) {
      for (const value of ledger.valuesIn(body ?? "")) {
        findings.expect(
          written.get(reference)?.has(value) ?? false,
          () => `${value} in version ${version} of ${reference} at ${site} was written by nobody`,
        );
      }
    }
    for (const row of conflicts) {
      const reference = `${row["type"]}/${row["id"]}`;
      for (const value of ledger.valuesIn(JSON.stringify(row))) {
        findings.expect(
          written.get(reference)?.has(value) ?? false,
          () => `${value} in a conflict of ${reference} at ${site}`,
        );
      }
    }
  }
  for (const one of all) {
    for (const [name] of livingOf(one)) {
      findings.expect(written.has(name), () => `${name} at ${one.site} was made by nobody`);
    }
  }
  return findings.finding;
}
