import type { Holdings } from "../holdings.ts";
import { Findings } from "./finding.ts";

/**
 * I7: what a child's marker has passed is here, or noted as waiting; and a marker never goes back. It is asked of a child
 * at each of its deaths.
 */
export class MarkerSafety {
  readonly #findings = new Findings("I7", "no marker stands before its data, or goes back");
  readonly #last = new Map<string, { readonly epoch: string; readonly position: number }>();

  check(child: Holdings, parent: Holdings): void {
    const { marker, site } = child;
    if (!marker) return;
    const before = this.#last.get(site);
    this.#findings.expect(
      before?.epoch !== marker.epoch || before.position <= marker.position,
      () => `the marker of ${site} went from ${before?.position} back to ${marker.position}`,
    );
    this.#last.set(site, marker);
    const waiting = new Set(child.waiting);
    const wasDeleted = (reference: string, since: number) =>
      parent.versions.some((one) => one.reference === reference && one.version >= since && one.body === null);
    const passed = parent.announced.filter(
      ({ feed, position }) => feed.endsWith(marker.stream) && position <= marker.position,
    );
    const last = new Map(passed.map(({ reference, version }) => [reference, version]));
    for (const { position, reference, version } of passed) {
      const known = child.bases.get(reference)?.remote ?? 0;
      // What was deleted before the child had asked for its content does not concern it.
      const isNeverMind = known === 0 && wasDeleted(reference, last.get(reference) ?? 0);
      this.#findings.expect(
        known >= version || waiting.has(reference) || isNeverMind,
        () =>
          `${site} has passed ${reference} ${version} at ${position} and knows version ${known}: ${storyOf(reference, child)}`,
      );
    }
  }

  get finding() {
    return this.#findings.finding;
  }
}

/** What the child has of the record and what it did with it: what one needs to find out how an entry was passed over. */
function storyOf(reference: string, { bases, versions, audit }: Holdings): string {
  const own = versions
    .filter((one) => one.reference === reference)
    .map(({ version, body, operation }) => `${version} ${body === null ? "deleted" : "saved"} by ${operation}`);
  const done = audit
    .filter((entry) => entry["reference"] === reference)
    .map((entry) =>
      ["operation", "outcome", "error", "version_before", "version_after"].map((name) => entry[name]).join(" "),
    );
  return ["", `base ${JSON.stringify(bases.get(reference))}`, ...own, ...done].join("\n    ");
}
