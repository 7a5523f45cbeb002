import { expect, it } from "vitest";
import { shareOut } from "./choose-towns.ts";
import { living, livingElsewhere } from "./clinic-catchment.ts";
import { homeTownsOf } from "./home-towns.ts";

it("knows where somebody lives now, and that some have no address", () => {
  const address = [
    { city: " Kisumu" },
    { use: "old", city: "Busia" },
    { use: "temp", city: "Siaya" },
    { city: 7 },
    null,
  ];

  expect([...homeTownsOf({ address })]).toEqual(["kisumu", "siaya"]);
  expect([...homeTownsOf({})]).toEqual([]);
});

it("shares the towns out so that both halves have about as many patients", () => {
  const counts = new Map([
    ["busia", 3],
    ["kisumu", 5],
    ["siaya", 2],
    ["100%", 9],
  ]);

  expect(shareOut(counts)).toEqual({ north: ["kisumu"], largest: "kisumu" });
  expect(shareOut(new Map())).toEqual({ north: [], largest: undefined });
});

it("gives everybody to a clinic: those of the north, those of the south, and those without an address", () => {
  const north = living("north", ["Kisumu", "Northend"]);
  const south = livingElsewhere("south", "Southend", ["Kisumu", "Northend"]);
  const clinicsOf = (...towns: string[]) =>
    [north, south].filter(({ holds }) => holds(new Set(towns))).map(({ name }) => name);

  expect(clinicsOf("kisumu")).toEqual(["north"]);
  expect(clinicsOf("busia")).toEqual(["south"]);
  expect(clinicsOf()).toEqual(["south"]);
  expect(clinicsOf("kisumu", "southend")).toEqual(["north", "south"]);
});
