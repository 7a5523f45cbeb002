import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextDelay } from "./backoff.ts";
import { newUuid, parseNodeId } from "./identifiers.ts";
import { seededRandom, systemRandom } from "./random.ts";

const clockAt = (time: number) => ({ now: () => time, sleep: async () => {} });

describe("a UUID of version 7", () => {
  it("has its version, its variant and its time, whatever the clock says", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 2 ** 47 }), (time) => {
        const uuid = newUuid(clockAt(time), systemRandom);
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16)).toBe(Math.max(0, time));
      }),
    );
  });

  it("is another one each time, even in the same millisecond", () => {
    const many = Array.from({ length: 10_000 }, () => newUuid(clockAt(1_000), systemRandom));

    expect(new Set(many).size).toBe(many.length);
  });
});

describe("chance", () => {
  it("repeats itself from its seed, and only from its seed", () => {
    const streamOf = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };

    expect(streamOf(1)).toEqual(streamOf(1));
    expect(streamOf(1)).not.toEqual(streamOf(2));
  });

  it("never hands out the same bytes twice", () => {
    const drawn = Array.from({ length: 2_000 }, () => Buffer.from(systemRandom.bytes(16)).toString("hex"));

    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

describe("the delay before the next attempt", () => {
  it("never passes its span, which doubles up to the maximum", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (attempt, seed) => {
        const delay = nextDelay(attempt, { firstMs: 500, maximumMs: 60_000 }, seededRandom(seed));
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(60_000, 500 * 2 ** Math.min(attempt - 1, 30)));
      }),
    );
  });
});

describe("a node's name", () => {
  it.each(["centre", "clinic-a", "A1", "district.north-3"])("can be %s", (name) =>
    expect(parseNodeId(name)).toBe(name),
  );

  it.each(["", "-clinic", "a b", "clinic/a", "Kliník", "x".repeat(64)])("cannot be %j", (name) => {
    expect(parseNodeId(name)).toBeUndefined();
  });
});
