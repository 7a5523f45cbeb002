import { expect, it } from "vitest";
import { Digits, keepDigits } from "./digits.ts";

it("numbers keep the digits with which they were recorded", () => {
  const read = JSON.parse('{"weight":70.00,"count":3,"text":"1.0"}', keepDigits as (key: string) => unknown);

  expect(read).toEqual({ weight: new Digits("70.00"), count: 3, text: "1.0" });
  expect(`${read.weight}`).toBe("70.00");
  expect(JSON.stringify(read)).toBe('{"weight":70.00,"count":3,"text":"1.0"}');
});
