import type { Holdings } from "../holdings.ts";
import type { Ledger, Write } from "../ledger.ts";
import { type Finding, Findings } from "./finding.ts";

/**
 * I2: what a user was told is done is in the record now, or a later edit that saw it took it away, or it is a side of a
 * conflict; and the node that it was made on has it in its history.
 */
export function checkNoLostUpdate(ledger: Ledger, parent: Holdings, all: readonly Holdings[]): Finding {
  const findings = new Findings("I2", "no acknowledged write is lost");
  const disputed = new Map<string, string>();
  for (const { conflicts } of all) {
    for (const row of conflicts) {
      const name = `${row["type"]}/${row["id"]}`;
      disputed.set(name, `${disputed.get(name) ?? ""}${JSON.stringify(row)}`);
    }
  }
  const histories = new Map(
    all.map(({ site, versions }) => {
      const texts = new Map<string, string>();
      for (const { reference, body } of versions) texts.set(reference, `${texts.get(reference) ?? ""}${body ?? ""}`);
      return [site, texts];
    }),
  );
  for (const reference of ledger.references) {
    const writes = ledger.of(reference);
    const current = parent.newest.get(reference)?.body ?? "";
    for (const write of writes) {
      if (write.ending !== "acknowledged") continue;
      for (const value of write.fresh) {
        findings.expect(
          current.includes(value) || (disputed.get(reference)?.includes(value) ?? false) || isSuperseded(value, writes),
          () => `${value}, written to ${reference} at ${write.site}, is nowhere: ${storyOf(reference, ledger, all)}`,
        );
        findings.expect(
          histories.get(write.site)?.get(reference)?.includes(value) ?? false,
          () => `${value} is not in the history of ${reference} at ${write.site}, where it was written`,
        );
      }
    }
  }
  return findings.finding;
}

function isSuperseded(value: string, writes: readonly Write[]): boolean {
  return writes.some(({ saw, written }) => Array.isArray(saw) && saw.includes(value) && !written.includes(value));
}

/** Who wrote what, and which values stood in which version where: what one needs to find out how a value got lost. */
function storyOf(reference: string, ledger: Ledger, all: readonly Holdings[]): string {
  const writes = ledger
    .of(reference)
    .map(({ site, kind, ending, fresh, saw }) => `${site} ${kind} ${fresh.join("+")} (${ending}) having seen ${saw}`);
  const versions = all.flatMap(({ site, versions: held }) =>
    held
      .filter((one) => one.reference === reference)
      .map(({ version, body, operation }) => {
        return `${site} ${version}: ${body === null ? "deleted" : ledger.valuesIn(body)} by ${operation}`;
      }),
  );
  const disputes = all.flatMap(({ site, conflicts }) =>
    conflicts
      .filter(({ type, id }) => `${type}/${id}` === reference)
      .map(({ element, version, state }) => `${site} conflict at ${version}, ${state}: ${element}`),
  );
  return ["", ...writes, ...versions, ...disputes].join("\n    ");
}
