import { expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";

it("serves so many at once and so many a second after that, each caller by itself", () => {
  const limit = new RateLimit({ atOnce: 3, perSecond: 2 });
  const served = (caller: string, now: number) => limit.waitMs(caller, now) === 0;

  const atOnce = [1, 2, 3, 4].map(() => served("a", 1_000));
  const later = [served("a", 1_500), served("a", 1_500), served("a", 2_000)];
  const rested = [1, 2, 3, 4].map(() => served("a", 60_000));

  expect(atOnce).toEqual([true, true, true, false]);
  expect(later).toEqual([true, false, true]);
  expect(rested).toEqual([true, true, true, false]);
  expect(served("b", 60_000)).toBe(true);
});

it("tells how long to wait, and gives nothing back to a clock that is set back", () => {
  const limit = new RateLimit({ atOnce: 1, perSecond: 4 });
  limit.waitMs("a", 10_000);

  expect(limit.waitMs("a", 10_000)).toBe(250);
  expect(limit.waitMs("a", 0)).toBe(250);
  expect(limit.waitMs("a", 10_250)).toBe(0);
});
