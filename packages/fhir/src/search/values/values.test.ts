import { describe, expect, it } from "vitest";
import { parseDateRange } from "./date-range.ts";
import { parseDecimalRange } from "./decimal-range.ts";
import { foldText } from "./fold-text.ts";
import { hashText } from "./hash-text.ts";
import { indexedBeginning, indexedKey, indexedTextMax } from "./indexed-text.ts";
import { parseTarget } from "./reference-values.ts";

describe("a date as a stretch of time", () => {
  it.each([
    ["2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"],
    ["2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"],
    ["2024-12-31", "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z"],
    ["2024-05-05T10:20", "2024-05-05T10:20:00Z", "2024-05-05T10:21:00Z"],
    ["2024-05-05T10:20:30", "2024-05-05T10:20:30Z", "2024-05-05T10:20:31Z"],
    ["2024-05-05T10:20:30+05:30", "2024-05-05T04:50:30Z", "2024-05-05T04:50:31Z"],
    ["2024-05-05T10:20:30.5Z", "2024-05-05T10:20:30.500Z", "2024-05-05T10:20:30.600Z"],
    ["2024-05-05T10:20:30.123456-01:00", "2024-05-05T11:20:30.123Z", "2024-05-05T11:20:30.124Z"],
  ])("%s lasts from %s up to %s", (text, low, high) => {
    expect(parseDateRange(text)).toEqual({ low: Date.parse(low), high: Date.parse(high) });
  });

  it.each([
    "",
    "24",
    "2024-13",
    "2024-00",
    "2023-02-29",
    "2024-05-05T25:00",
    "2024-05-05T10",
    "2024-05-05T10:20:30+15:00",
    "now",
  ])("%s is none", (text) => {
    expect(parseDateRange(text)).toBeUndefined();
  });
});

describe("a decimal with its precision", () => {
  it.each([
    ["100", 99.5, 100.5],
    ["100.00", 99.995, 100.005],
    ["5.40e-3", 0.005395, 0.005405],
    ["-1.5", -1.55, -1.45],
    ["0", -0.5, 0.5],
    ["+7", 6.5, 7.5],
    ["1e2", 50, 150],
  ])("%s is from %s up to %s", (text, low, high) => {
    expect(parseDecimalRange(text)).toEqual({ value: Number(text), low, high });
  });

  it.each(["", ".5", "5.", "1e", "abc", "1e999", "0x10", "Infinity", "9".repeat(50)])("%s is none", (text) => {
    expect(parseDecimalRange(text)).toBeUndefined();
  });
});

describe("a text as strings are compared", () => {
  it.each([
    ["Sørén  Çelik ", "soren celik"],
    ["GROẞ straße", "gross strasse"],
    ["İstanbul", "istanbul"],
    ["Łódź\tŒuvre", "lodz oeuvre"],
    ["Ольга", "ольга"],
    ["ﬁne", "fine"],
  ])("%s is %s", (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });
});

describe("a text in the index", () => {
  it("is whole up to its longest, and then still differs where the text does", () => {
    const long = "x".repeat(1000);

    expect(indexedKey("x".repeat(indexedTextMax))).toBe("x".repeat(indexedTextMax));
    expect(indexedKey(`${long}a`)).not.toBe(indexedKey(`${long}b`));
    expect(indexedKey(long).length).toBeLessThanOrEqual(indexedTextMax);
    expect(indexedBeginning(`a\0${long}`)).toBe(`a${"x".repeat(indexedTextMax - 1)}`);
  });

  it("has the number it has had in every version, since databases hold it", () => {
    expect(["", "a", "http://loinc.org", "日本"].map(hashText)).toEqual([
      32250591301163, 114818486378803, 2747236855724, 31233337327387,
    ]);
  });

  it("shares its number with no other of a hundred thousand", () => {
    const numbers = new Set(Array.from({ length: 100_000 }, (_, index) => hashText(`http://x.example/${index}`)));

    expect(numbers.size).toBe(100_000);
    expect(Math.max(...numbers)).toBeLessThan(2 ** 47);
  });
});

describe("the target of a reference", () => {
  it.each([
    ["Patient/1", { type: "Patient", id: "1" }],
    ["Patient/1/_history/2", { type: "Patient", id: "1" }],
    ["http://x.example/fhir/Patient/1", { type: "Patient", id: "http://x.example/fhir/Patient/1" }],
    ["https://x.example/Patient/1/_history/2", { type: "Patient", id: "https://x.example/Patient/1" }],
    ["urn:uuid:7", { type: "", id: "urn:uuid:7" }],
    ["#contained", undefined],
    ["", undefined],
  ])("%s is %o", (reference, target) => {
    expect(parseTarget(reference)).toEqual(target);
  });
});
