import type { Holdings } from "../holdings.ts";
import type { Ledger } from "../ledger.ts";
import { type Finding, Findings } from "./finding.ts";

/**
 * I4: a record that somebody deleted lives only if somebody wrote it without having seen the deletion, which is a
 * conflict, or having seen it.
 */
export function checkNoResurrection(ledger: Ledger, all: readonly Holdings[]): Finding {
  const findings = new Findings("I4", "no deleted record lives again by itself");
  const disputed = new Set(
    all.flatMap(({ conflicts }) => conflicts.map((row) => `${String(row["type"])}/${String(row["id"])}`)),
  );
  for (const reference of ledger.references) {
    const writes = ledger.of(reference);
    const deletions = writes.filter(({ kind, ending }) => kind === "delete" && ending === "acknowledged");
    if (deletions.length === 0) continue;
    const wasRevived = writes.some(({ saw, kind }) => kind === "save" && (saw === "deleted" || saw === "nothing"));
    for (const { site, newest } of all) {
      const lives = (newest.get(reference)?.body ?? null) !== null;
      findings.expect(
        !lives || disputed.has(reference) || wasRevived,
        () => `${reference} was deleted at ${deletions[0]?.site} and lives at ${site}`,
      );
    }
  }
  return findings.finding;
}
