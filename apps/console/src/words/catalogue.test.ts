import { expect, it } from "vitest";
import { english } from "./catalogue.ts";
import { french } from "./french.ts";

it("every text is there in both languages, and none is empty", () => {
  expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
  expect([...Object.values(english), ...Object.values(french)].filter((text) => text.trim() === "")).toEqual([]);
});
