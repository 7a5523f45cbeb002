import { expect, it } from "vitest";
import { tellSentence } from "./told-sentence.ts";

const table = { wrong: "{key} is wrong; write {expected}.", range: "a number from {least} to {most}" } as const;

it("puts values into a sentence, and parts that are sentences themselves", () => {
  const expected = { key: "range", values: { least: "1", most: "9" } };

  expect(tellSentence(table, { key: "wrong", values: { key: "http.port", expected } })).toBe(
    "http.port is wrong; write a number from 1 to 9.",
  );
});

it("puts several parts one behind the other", () => {
  const parts = [1, 2].map((least) => ({ key: "range", values: { least: `${least}`, most: "3" } }));

  expect(tellSentence(table, { key: "wrong", values: { key: "x", expected: parts } })).toBe(
    "x is wrong; write a number from 1 to 3 a number from 2 to 3.",
  );
});

it("leaves what it has no value or no sentence for as it is", () => {
  expect(tellSentence(table, { key: "range", values: { least: "{most}" } })).toBe("a number from {most} to {most}");
  expect(tellSentence(table, { key: "newer", values: {} })).toBe("newer");
});
