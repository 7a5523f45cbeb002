import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectedGroups } from "./connected-groups.ts";

const aGraph = fc.integer({ min: 0, max: 12 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.nat({ max: Math.max(0, size - 1) }), { maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

/** Whether one thing leads to another over any number of references; the plain way, to hold the clever one against. */
function leadsTo(refersTo: readonly (readonly number[])[], from: number, to: number): boolean {
  const seen = new Set<number>();
  const open = [...refersTo[from]!];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === to) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...refersTo[one]!);
  }
  return false;
}

describe("things that refer to each other", () => {
  it("[S53] stand in one group exactly when a circle of references goes through them", () => {
    fc.assert(
      fc.property(aGraph, (refersTo) => {
        const groups = connectedGroups(refersTo);
        const groupOf = new Map(groups.flatMap((group, at) => group.map((thing) => [thing, at] as const)));
        expect([...groupOf.keys()].toSorted((a, b) => a - b)).toEqual(refersTo.map((_, thing) => thing));
        for (const one of groupOf.keys()) {
          for (const other of groupOf.keys()) {
            const isCircle = one !== other && leadsTo(refersTo, one, other) && leadsTo(refersTo, other, one);
            expect(groupOf.get(one) === groupOf.get(other)).toBe(one === other || isCircle);
          }
        }
      }),
    );
  });

  it("[S53] come after all that they refer to", () => {
    fc.assert(
      fc.property(aGraph, (refersTo) => {
        const groups = connectedGroups(refersTo);
        const groupOf = new Map(groups.flatMap((group, at) => group.map((thing) => [thing, at] as const)));
        for (const [thing, targets] of refersTo.entries()) {
          for (const target of targets) expect(groupOf.get(target)).toBeLessThanOrEqual(groupOf.get(thing)!);
        }
      }),
    );
  });

  it("[S53] may stand in a chain as long as the queue", () => {
    const length = 100_000;
    const chain = Array.from({ length }, (_, thing) => (thing + 1 < length ? [thing + 1] : []));

    expect(connectedGroups(chain)[0]).toEqual([length - 1]);
  });
});
