import { expect, it } from "vitest";
import { decisionOf, readTyped } from "./choice.ts";

it("takes a side as it stands, and never sends its value back", () => {
  expect(decisionOf({ take: "child" })).toEqual({ take: "child" });
});

it("reads what was typed as text, and as JSON where it looks like JSON", () => {
  expect(readTyped("1981-01-01")).toEqual({ kind: "value", value: "1981-01-01" });
  expect(readTyped("female")).toEqual({ kind: "value", value: "female" });
  expect(readTyped("true")).toEqual({ kind: "value", value: true });
  expect(readTyped("-1.5")).toEqual({ kind: "value", value: -1.5 });
  expect(readTyped('"007"')).toEqual({ kind: "value", value: "007" });
  expect(readTyped('[{"family":"Otieno"}]')).toEqual({ kind: "value", value: [{ family: "Otieno" }] });
});

it("leaves an element out when nothing was typed for it", () => {
  const choice = { take: "value", text: { gender: "  ", birthDate: "1981-01-01" } } as const;

  expect(decisionOf(choice)).toEqual({ value: { birthDate: "1981-01-01" } });
});

it("sends nothing as long as something typed cannot be read", () => {
  expect(decisionOf({ take: "value", text: { name: '[{"family":' } })).toBeUndefined();
});
