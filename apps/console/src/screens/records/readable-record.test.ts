import { describe, expect, it } from "vitest";
import { Digits } from "../../api/digits.ts";
import { readableValue, referenceIn } from "../../parts/readable-value.ts";
import { readableRecord } from "./readable-record.ts";

describe("a record's values", () => {
  it.each([
    [{ use: "official", given: ["Amina", "W."], family: "Otieno" }, "Amina W. Otieno"],
    [{ use: "nickname", given: ["Mina"] }, "Mina (nickname)"],
    [{ coding: [{ system: "http://loinc.org", code: "29463-7", display: "Body weight" }] }, "Body weight"],
    [{ coding: [{ code: "x" }], text: "Weight at birth" }, "Weight at birth"],
    [{ value: 70.5, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" }, "70.5 kg"],
    [{ value: new Digits("70.00"), unit: "kg" }, "70.00 kg"],
    [{ comparator: "<", value: 5, code: "mg" }, "< 5 mg"],
    [{ system: "phone", value: "+254 700 000 001", use: "mobile" }, "+254 700 000 001 (phone, mobile)"],
    [{ system: "http://moh.example/ids/nid", value: "KE-7" }, "KE-7 (nid)"],
    [{ city: "Kisumu", country: "Kenya", line: ["Oginga Odinga St"] }, "Oginga Odinga St, Kisumu, Kenya"],
    [{ coding: [{ display: "Married" }] }, "Married"],
    [{ reference: "Patient/p1", display: "Amina" }, "Amina (Patient/p1)"],
    [{ start: "2024-01-01" }, "2024-01-01 – …"],
    [["a", "b"], "a; b"],
    [false, "false"],
    [undefined, "–"],
  ])("are told in the words of a person (%#)", (value, text) => {
    expect(readableValue(value)).toBe(text);
  });

  it("that have no such form are told as JSON, long ones cut", () => {
    expect(readableValue({ some: { thing: 1 } })).toBe('{"some":{"thing":1}}');
    expect(readableValue("x".repeat(1_000))).toHaveLength(301);
  });

  it("lead to the records that they name", () => {
    expect(referenceIn({ reference: "Patient/p1" })).toBe("Patient/p1");
    expect(
      [{ reference: "#contained" }, { reference: "https://elsewhere.test/Patient/1" }, "Patient/p1"].map(referenceIn),
    ).toEqual([undefined, undefined, undefined]);
  });
});

describe("a record", () => {
  it("is told element by element, in parts where no line says it", () => {
    const rows = readableRecord({
      resourceType: "Observation",
      id: "o1",
      meta: { versionId: "3" },
      status: "final",
      subject: { reference: "Patient/p1" },
      component: [{ code: { text: "systolic" }, valueQuantity: { value: 120, unit: "mmHg" } }],
    });

    expect(rows).toEqual([
      { key: "status", element: "status", value: "final", references: [], parts: [] },
      { key: "subject", element: "subject", value: "", references: ["Patient/p1"], parts: [] },
      {
        key: "component-0",
        element: "component",
        value: "",
        references: [],
        parts: [
          { key: "code", element: "code", value: "systolic", references: [], parts: [] },
          { key: "valueQuantity", element: "valueQuantity", value: "120 mmHg", references: [], parts: [] },
        ],
      },
    ]);
  });
});
