import { expect, it } from "vitest";
import { catalogues } from "./catalogue.ts";

const { en, fr } = catalogues;

it("every text is there in both languages, and none is empty", () => {
  expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
  expect([...Object.values(en), ...Object.values(fr)].filter((text) => text.trim() === "")).toEqual([]);
});
