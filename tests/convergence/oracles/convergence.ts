import { type Holdings, livingOf } from "../holdings.ts";
import { type Finding, Findings } from "./finding.ts";

/** I1: parent and child hold the same text for every record, and agree on which versions are alike. */
export function checkConvergence(parent: Holdings, children: readonly Holdings[]): Finding {
  const findings = new Findings("I1", "every pair holds the same bodies and agreed bases");
  const above = livingOf(parent);
  const textAt = new Map(parent.versions.map(({ reference, version, body }) => [`${reference} ${version}`, body]));
  for (const child of children) {
    const below = livingOf(child);
    for (const name of new Set([...above.keys(), ...below.keys()])) {
      findings.expect(
        above.get(name) === below.get(name),
        () =>
          `${name} is ${above.get(name) ?? "not there"} at the parent and ${below.get(name) ?? "not there"} at ${child.site}`,
      );
    }
    const own = new Map(child.versions.map(({ reference, version, body }) => [`${reference} ${version}`, body]));
    for (const [name, { local, remote }] of child.bases) {
      findings.expect(
        own.get(`${name} ${local}`) === textAt.get(`${name} ${remote}`),
        () => `${child.site} believes its version ${local} of ${name} to be the parent's ${remote}, which is another`,
      );
      findings.expect(
        parent.newest.get(name)?.version === remote,
        () => `${child.site} knows version ${remote} of ${name}, the parent has ${parent.newest.get(name)?.version}`,
      );
    }
  }
  return findings.finding;
}
