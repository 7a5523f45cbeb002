import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CulpritSearch } from "./culprit-search.ts";

/** Sends a queue in which some units make every request that carries them fail. */
function sendAll(units: number, culprits: ReadonlySet<number>) {
  const search = new CulpritSearch();
  let queue = Array.from({ length: units }, (_, at) => at);
  const [sent, aside]: [number[], number[]] = [[], []];
  let requests = 0;
  while (queue.length > 0) {
    const some = queue.slice(0, search.limit(500));
    requests += 1;
    if (!some.some((unit) => culprits.has(unit))) {
      search.passed(some.length);
      sent.push(...some);
    } else if (some.length > 1) {
      search.failed(some.length);
      continue;
    } else {
      search.found();
      aside.push(...some);
    }
    queue = queue.slice(some.length);
  }
  return { sent, aside, requests };
}

describe("the search for a unit that makes requests fail", () => {
  it("[S54] finds exactly the culprits, and sends all the others in their order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.uniqueArray(fc.nat({ max: 299 }), { maxLength: 5 }),
        (n, some) => {
          const culprits = new Set(some.filter((unit) => unit < n));
          const { sent, aside } = sendAll(n, culprits);
          expect(new Set(aside)).toEqual(culprits);
          expect(sent).toEqual(Array.from({ length: n }, (_, at) => at).filter((unit) => !culprits.has(unit)));
        },
      ),
    );
  });

  it("[S54] finds one among a hundred with at most 12 requests more", () => {
    const extra = Array.from({ length: 100 }, (_, culprit) => sendAll(100, new Set([culprit])).requests - 1);

    expect(Math.max(...extra)).toBeLessThanOrEqual(12);
  });
});
