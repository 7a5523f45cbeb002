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
    for (const { feed, position, reference, version } of parent.announced) {
      if (!feed.endsWith(marker.stream) || position > marker.position) continue;
      const known = child.bases.get(reference)?.remote ?? 0;
      const isNeverMind = !child.newest.has(reference);
      this.#findings.expect(
        known >= version || waiting.has(reference) || isNeverMind,
        () => `${site} has passed ${reference} ${version} at ${position} and knows version ${known}`,
      );
    }
  }

  get finding() {
    return this.#findings.finding;
  }
}
