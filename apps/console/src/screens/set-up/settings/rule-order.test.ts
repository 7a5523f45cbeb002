import { expect, it } from "vitest";
import { decidedOtherwise, moveRule, overruledBy } from "./rule-order.ts";

const child = { type: "Patient", element: "telecom", policy: "child-wins" } as const;
const parent = { type: "Patient", element: "telecom", policy: "parent-wins" } as const;
const whole = { type: "Patient", policy: "manual" } as const;

it("moves one rule, and leaves the others in their order", () => {
  expect(moveRule([child, whole, parent], 2, 0)).toEqual([parent, child, whole]);
  expect(moveRule([child, whole, parent], 0, 1)).toEqual([whole, child, parent]);
  expect(moveRule([child], 3, 0)).toEqual([child]);
});

it("finds the rule above that is for the same, and for nothing else", () => {
  const rules = [child, whole, parent, { type: "*", element: "telecom", policy: "manual" } as const];

  expect(rules.map((_, at) => overruledBy(rules, at))).toEqual([undefined, undefined, 0, undefined]);
});

it("tells what is decided otherwise: by a rule that is new, gone, or now above another", () => {
  expect(decidedOtherwise([child, parent], [parent, child])).toEqual([
    { type: "Patient", element: "telecom", before: "child-wins", after: "parent-wins" },
  ]);
  expect(decidedOtherwise([child, whole], [whole, child])).toEqual([]);
  expect(decidedOtherwise([child], [whole])).toEqual([
    { type: "Patient", before: undefined, after: "manual" },
    { type: "Patient", element: "telecom", before: "child-wins", after: undefined },
  ]);
});
