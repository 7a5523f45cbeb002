import fc from "fast-check";
import { expect, it } from "vitest";
import { thin, trailPointsMax } from "./stream-trail.ts";

it("[S151] a trail keeps its newest places, its oldest, and few between, however far it goes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 70, maxLength: 3_000 }), (steps) => {
      let kept: number[] = [];
      let position = 0;
      for (const step of steps) {
        position += step;
        kept = [position, ...kept];
        if (kept.length > trailPointsMax) kept = thin(kept);
      }
      expect(kept.length).toBeLessThanOrEqual(trailPointsMax);
      expect(kept[0]).toBe(position);
      expect(kept.at(-1)).toBe(steps[0]);
      expect(kept).toEqual([...kept].sort((a, b) => b - a));
    }),
    { numRuns: 30 },
  );
});
