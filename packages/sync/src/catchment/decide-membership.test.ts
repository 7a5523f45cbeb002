import { expect, it } from "vitest";
import { decideMembership } from "./decide-membership.ts";

it("[S102] lets in, lets out and suspends as the rule answers", () => {
  const told = (["member", "suspended", "left", undefined] as const).map((before) =>
    [true, false, undefined].map((holds) => decideMembership(before, holds).kind),
  );

  expect(told).toEqual([
    ["stays", "leaves", "is-suspended"],
    ["enters", "leaves", "stays"],
    ["enters", "stays", "stays"],
    ["enters", "stays", "stays"],
  ]);
});
