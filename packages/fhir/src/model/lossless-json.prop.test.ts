import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digitsOf, equalLossless, parseLossless, stringifyLossless } from "./lossless-json.ts";

const number = fc.oneof(
  fc.constantFrom("1.00", "1e3", "-0.0", "1E+2", "12345678901234567890", "0.10", "7"),
  fc.tuple(fc.integer(), fc.stringMatching(/^[0-9]{1,20}$/)).map(([whole, digits]) => `${whole}.${digits}`),
);
const string = fc
  .oneof(fc.string(), fc.constantFrom("\uE000", "\uE0001.0", "\uE000\uE000"))
  .map((text) => JSON.stringify(text));
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    number,
    string,
    fc.constantFrom("true", "false", "null"),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), tie("value")), {
        selector: ([name]) => name,
        maxLength: 4,
      })
      .map((members) => `{${members.map(([name, one]) => `"${name}":${one}`).join(",")}}`),
  ),
}));

describe("lossless JSON", () => {
  it("writes what it has read, every number with its own digits", () => {
    fc.assert(
      fc.property(value, (text) => {
        expect(stringifyLossless(parseLossless(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("compares numbers by value and objects without order", () => {
    const left = parseLossless('{"a":1.00,"b":[1e2,"x"]}');

    expect(equalLossless(left, parseLossless('{"b":[100,"x"],"a":1}'))).toBe(true);
    expect(equalLossless(left, parseLossless('{"b":[100,"x"],"a":2}'))).toBe(false);
    expect(equalLossless(left, parseLossless('{"b":[100],"a":1}'))).toBe(false);
    expect(equalLossless(parseLossless('"1"'), 1)).toBe(false);
  });

  it("tells a number's digits, and of a text that it is none", () => {
    expect(["1.00", "1e3", "7", '"7"', '"\\uE0007"'].map((text) => digitsOf(parseLossless(text)))).toEqual([
      "1.00",
      "1e3",
      "7",
      undefined,
      undefined,
    ]);
  });
});
