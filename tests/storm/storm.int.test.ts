import { describe, expect, it } from "vitest";
import { rideOut } from "./ride-out.ts";

/** How long the storm lasts, and the seed of all chance; the long one is a command of its own, `tests/storm/run.ts`. */
const seconds = Number(process.env["TRIBUTARY_TEST_STORM_SECONDS"] ?? 15);
const seed = Number(process.env["TRIBUTARY_TEST_STORM_SEED"] ?? 7);
/** On a machine with two cores for six nodes. */
const healedWithinMs = 300_000 + seconds * 200;

describe.each(["sqlite", "postgres"] as const)("a parent and five children in a storm of kills (%s)", (dialect) => {
  it(
    "[S33] converge, and no acknowledged write is lost, repeated or invented",
    async () => {
      const outcome = await rideOut({ dialect, seconds, seed, lines: "cable", healedWithinMs });

      const { blows, acknowledged, unknown, conflicts, healedInMs, findings } = outcome;
      console.log(
        `${dialect}, seed ${seed}, ${seconds} s: ${JSON.stringify({ ...blows, acknowledged, unknown, conflicts, healedInMs })}`,
      );
      for (const { invariant, checked, broken } of findings) {
        expect([invariant, broken.slice(0, 5)]).toEqual([invariant, []]);
        expect([invariant, checked > 0]).toEqual([invariant, true]);
      }
      // On a machine with much else to do the storm is a small one, and yet one.
      expect(Math.min(blows.kills, blows.freezes, acknowledged)).toBeGreaterThan(0);
    },
    600_000 + seconds * 2_000,
  );
});
