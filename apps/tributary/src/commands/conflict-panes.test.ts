import { expect, it } from "vitest";
import { drawPanes } from "./conflict-panes.ts";

const contested = { path: "Patient.x", elements: ["x"], because: "both-changed", shown: "mine" } as const;

it("draws what the three sides say side by side, and a dash for what a side lacks", () => {
  const drawn = drawPanes({
    ...contested,
    base: { birthDate: "1980-01-01" },
    mine: { birthDate: "1981" },
    theirs: { birthDate: "1982-01-01", _birthDate: { id: "a" } },
  });

  expect(drawn.split("\n")).toEqual([
    "               base        parent  child",
    "birthDate      1980-01-01  1981    1982-01-01",
    "_birthDate.id  –           –       a",
  ]);
});

it("leaves out what all sides say, and keeps decimals, long texts and control characters in their place", () => {
  const drawn = drawPanes({
    ...contested,
    base: { item: [{ system: "same" }] },
    mine: { item: [{ system: "same", value: "\uE0001.50" }] },
    theirs: { item: [{ system: "same", value: `\u001b[2J${"x".repeat(80)}` }], note: true },
  });

  expect(drawn).not.toContain("same");
  expect(drawn).toMatch(/^item\[0\]\.value {2}– {5}1\.50 {4} \[2Jx+…$/m);
  expect(drawn).not.toContain("\u001b");
});

it("[SYNC2-12] shows what people typed as text: nothing in it is obeyed, cut at a space or taken for another value", () => {
  const drawn = drawPanes({
    ...contested,
    base: { active: true },
    mine: { active: "true", note: "two  words" },
    theirs: { active: false, note: "\u001b]8;;http://x.example\u0007<b onload=x>\u202e" },
  });

  expect(drawn.split("\n")).toHaveLength(3);
  expect(drawn).toContain("two words");
  expect(drawn).toContain("<b onload=x>");
  for (const obeyed of ["\u001b", "\u0007", "\u202e"]) expect(drawn).not.toContain(obeyed);
});

it("says how much it left out", () => {
  const many = Object.fromEntries(Array.from({ length: 205 }, (_, at) => [`n${at}`, at]));

  const drawn = drawPanes({ ...contested, base: undefined, mine: many, theirs: undefined });

  expect(drawn.split("\n")).toHaveLength(202);
  expect(drawn).toContain("… and 5 more");
});
