import { expect, it } from "vitest";
import { compareHoldings } from "./compare-nodes.ts";

const parent = new Map([
  ["Patient/1", "a"],
  ["Patient/2", "b"],
  ["Patient/3", "c"],
]);

it("finds nothing between equal holdings", () => {
  expect(compareHoldings(parent, new Map(parent))).toEqual({ records: 3, missing: [], different: [], extra: [] });
});

it("names what is missing, different, and too much", () => {
  const child = new Map([
    ["Patient/1", "a"],
    ["Patient/2", "other"],
    ["Patient/9", "z"],
  ]);

  expect(compareHoldings(parent, child)).toEqual({
    records: 3,
    missing: ["Patient/3"],
    different: ["Patient/2"],
    extra: ["Patient/9"],
  });
});
