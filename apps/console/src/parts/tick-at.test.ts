import { expect, it } from "vitest";
import { tickAt } from "./tick-at.ts";

it("ends an axis at a round number that no value passes", () => {
  expect([1, 3, 37, 100, 101, 4_999].map(tickAt)).toEqual([1, 4, 40, 100, 200, 5_000]);
});
