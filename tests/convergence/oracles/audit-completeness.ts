import { runToEnd } from "../../program/tributary.ts";
import type { Site } from "../../topology/tree.ts";
import type { Holdings } from "../holdings.ts";
import { type Finding, Findings } from "./finding.ts";

/** I9: every version of every record has its one audit entry, which says who did what. */
export function checkAuditCompleteness(all: readonly Holdings[]): Finding {
  const findings = new Findings("I9", "every change of state has its audit entry");
  for (const { site, versions, audit } of all) {
    const own = audit.filter(({ node }) => node === site);
    const entries = new Map<string, number>();
    for (const entry of own) {
      const { reference, version_after: version, version_before: before } = entry;
      if (reference === null || version === null || version === before) continue;
      const name = `${String(reference)} ${String(version)}`;
      entries.set(name, (entries.get(name) ?? 0) + 1);
      findings.expect(
        [entry["actor"], entry["operation"], entry["outcome"]].every((word) => typeof word === "string" && word !== ""),
        () => `the entry of ${name} at ${site} does not say who did what`,
      );
    }
    for (const { reference, version } of versions) {
      const count = entries.get(`${reference} ${version}`) ?? 0;
      findings.expect(count === 1, () => {
        const about = own.filter(
          (entry) => entry["reference"] === reference && Number(entry["version_after"]) === version,
        );
        return `${reference} ${version} at ${site} has ${count} audit entries: ${JSON.stringify(about)}`;
      });
    }
  }
  return findings.finding;
}

/** I9: the chains are whole as they stand, and one in which an entry was altered is not. */
export async function checkChains(sites: readonly Site[], alter: (site: Site) => Promise<void>): Promise<Finding> {
  const findings = new Findings("I9", "audit chains verify, and an altered entry is found");
  const verify = ({ node }: Site) => runToEnd("audit", "verify", "--dir", node.folder);
  for (const site of sites) {
    const { code, output } = await verify(site);
    findings.expect(code === 0, () => `the audit trail of ${site.name} does not verify: ${output}`);
  }
  const [altered] = sites;
  if (!altered) return findings.finding;
  await alter(altered);
  findings.expect((await verify(altered)).code !== 0, () => "an altered entry was not noticed");
  return findings.finding;
}
