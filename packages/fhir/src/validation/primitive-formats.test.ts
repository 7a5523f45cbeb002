import { describe, expect, it } from "vitest";
import { primitiveFormats, textLengthMax } from "./primitive-formats.ts";

interface Values {
  readonly valid: readonly unknown[];
  readonly invalid: readonly unknown[];
}

const formats: Readonly<Record<string, Values>> = {
  base64Binary: {
    valid: ["AAEC", "AAE=", "AA==", "AAEC AAEC\r\nAAEC", "+/+/"],
    invalid: ["AAE", "A===", "AA=A", "====", "AAEC!", "AA EC", "  ", "-_-_"],
  },
  boolean: { valid: [true, false], invalid: ["true", 0, 1] },
  canonical: { valid: ["http://example.org/vs|1.0#part"], invalid: ["http://example.org/v s"] },
  code: { valid: ["a", "mm[Hg]", "in progress", "a\tb"], invalid: [" a", "a ", "a  b", " "] },
  date: {
    valid: ["2026", "2026-02", "2026-02-28", "2024-02-29", "2000-02-29", "0001-01-01"],
    invalid: ["26", "0000", "2026-2", "2026-13", "2026-00-01", "2026-02-29", "1900-02-29", "2026-04-31", "2026-1-1"],
  },
  dateTime: {
    valid: ["2026", "2026-02", "2026-02-28", "2026-02-28T23:59:60Z", "2026-02-28T00:00:00.123456789-14:00"],
    invalid: ["2026-02-28T10:00Z", "2026-02-28T10:00:00", "2026-02-28 10:00:00Z", "2026-02-28T24:00:00Z"],
  },
  decimal: { valid: [0, -1.5, 1e-7, 12345678901], invalid: ["1.0", Number.POSITIVE_INFINITY, Number.NaN] },
  id: { valid: ["a", "A-1.b", "x".repeat(64)], invalid: ["a_b", "a b", "ä", "x".repeat(65)] },
  instant: {
    valid: ["2026-02-28T10:00:00Z", "2026-02-28T10:00:00.5+05:45"],
    invalid: ["2026-02-28", "2026-02-30T10:00:00Z", "2026-02-28T10:00:00+15:00", "2026-02-28T10:00:00+14:30"],
  },
  integer: { valid: [0, -2147483648, 2147483647], invalid: [2147483648, -2147483649, 1.5, "1"] },
  markdown: { valid: ["# A\n\n* b\tc\r\n"], invalid: ["a\u0000", "a\u001f"] },
  oid: { valid: ["urn:oid:1.2.36.0"], invalid: ["1.2.3", "urn:oid:3.1", "urn:oid:1.02", "urn:oid:1"] },
  positiveInt: { valid: [1, 2147483647], invalid: [0, -1, 1.5] },
  string: { valid: ["Ségou", " padded ", "\u{1F9D1}"], invalid: ["a\u0007b"] },
  time: { valid: ["00:00:00", "23:59:60.5"], invalid: ["24:00:00", "10:00", "10:00:00Z", "1:00:00"] },
  unsignedInt: { valid: [0, 2147483647], invalid: [-1, 0.5, "0"] },
  uri: { valid: ["urn:iso:std:iso:4217", "http://example.org/?a=b", "anything"], invalid: ["a b", "a\n"] },
  url: { valid: ["https://example.org"], invalid: ["https://example.org/a b"] },
  uuid: {
    valid: ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
    invalid: [
      "c757873d-ec9a-4326-a141-556f43239520",
      "urn:uuid:c757873d",
      "urn:uuid:C757873D-EC9A-4326-A141-556F43239520",
    ],
  },
};

describe("the format of a primitive", () => {
  for (const [type, { valid, invalid }] of Object.entries(formats)) {
    const format = primitiveFormats.get(type)!;

    it(`${type} accepts what R4 allows`, () => {
      expect(valid.filter((value) => format(value) !== undefined)).toEqual([]);
    });

    it(`${type} refuses everything else`, () => {
      const others = [null, undefined, {}, [], "", ...invalid];

      expect(others.filter((value) => format(value) === undefined)).toEqual([]);
    });
  }

  it("is known for every primitive type of R4", () => {
    expect([...primitiveFormats.keys()]).toEqual([...Object.keys(formats), "xhtml"]);
  });

  it("ends at the length that R4 allows", () => {
    const longest = "x".repeat(textLengthMax);

    for (const type of ["string", "markdown", "code"]) {
      expect(primitiveFormats.get(type)!(longest)).toBeUndefined();
      expect(primitiveFormats.get(type)!(`${longest}x`)).toMatchObject({ code: "too-long" });
    }
    expect(primitiveFormats.get("base64Binary")!("AAAA".repeat(textLengthMax))).toBeUndefined();
  });
});
