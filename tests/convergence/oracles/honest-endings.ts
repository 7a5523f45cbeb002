import { runToEnd } from "../../program/tributary.ts";
import type { Site } from "../../topology/tree.ts";
import { type Holdings, headFor, holdingsOf } from "../holdings.ts";
import { Findings } from "./finding.ts";

/**
 * I16: a round that calls itself complete leaves nothing unsent, nothing waiting and nothing unread. It is asked of single
 * rounds of the command line, of a child whose process does not run.
 */
export class HonestEndings {
  readonly #findings = new Findings("I16", "a round is complete only when nothing is left");
  readonly endings = new Map<string, number>();

  /** Pushes and pulls once, and holds what is said of it against what is there. `parent` is as it was before. */
  async check(child: Site, parent: Holdings): Promise<void> {
    const pushed = await this.#round("push", child);
    if (pushed === "complete") {
      const { queued, refused } = await holdingsOf(child);
      this.#findings.expect(
        queued === 0 && refused === 0,
        () => `${child.name} said its push was complete, with ${queued} units queued and ${refused} refused`,
      );
    }
    const pulled = await this.#round("pull", child);
    if (pulled === "complete") {
      const { waiting, marker } = await holdingsOf(child);
      const head = headFor(parent, marker);
      this.#findings.expect(
        waiting.length === 0 && (marker?.position ?? 0) >= head,
        () =>
          `${child.name} said its pull was complete, at ${marker?.position} of ${head} and with ${waiting.length} waiting`,
      );
    }
  }

  async #round(way: "push" | "pull", child: Site): Promise<string> {
    const { code, output } = await runToEnd(way, "--dir", child.node.folder);
    const word = /^(complete|partial|interrupted|refused)/im.exec(output)?.[1]?.toLowerCase() ?? "nothing";
    this.#findings.expect(
      (code === 0) === (word === "complete"),
      () => `${way} at ${child.name} ended ${code}: ${output}`,
    );
    this.endings.set(`${way} ${word}`, (this.endings.get(`${way} ${word}`) ?? 0) + 1);
    return word;
  }

  get finding() {
    return this.#findings.finding;
  }
}
