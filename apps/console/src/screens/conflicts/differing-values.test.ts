import { expect, it } from "vitest";
import { differingValues } from "./differing-values.ts";

it("shows only the places at which the sides are not all alike", () => {
  const base = { name: [{ family: "Otieno", given: ["Achieng"] }], gender: "female" };
  const parent = { name: [{ family: "Otieno", given: ["Achieng", "Mary"] }], gender: "female" };
  const child = { name: [{ family: "Atieno", given: ["Achieng"] }], gender: "female" };

  expect(differingValues([base, parent, child])).toEqual([
    { place: "name[0].family", values: ["Otieno", "Otieno", "Atieno"] },
    { place: "name[0].given[1]", values: [undefined, "Mary", undefined] },
  ]);
});

it("takes a side that is not there for one that says nothing", () => {
  expect(differingValues([undefined, { active: true }, null])).toEqual([
    { place: "active", values: [undefined, "true", undefined] },
  ]);
});
