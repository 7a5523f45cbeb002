import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePushBatch, writePushBatch } from "./push-batch.ts";
import type { PushedRecord, PushUnit } from "./push-unit.ts";

const aText = fc.string({ unit: "grapheme", maxLength: 80 }).filter((text) => text.isWellFormed());
const aRecord: fc.Arbitrary<PushedRecord> = fc
  .record({
    type: fc.constantFrom("Patient", "Observation"),
    id: fc.stringMatching(/^[A-Za-z0-9.-]{1,20}$/),
    version: fc.integer({ min: 1, max: 99 }),
    body: fc.option(aText, { nil: null }),
    baseVersion: fc.option(fc.integer({ min: 1, max: 99 }), { nil: null }),
    baseDigest: fc.constantFrom(null, "", "AAAAAAAAAAAAAAAAAAAAAA"),
    isSuperseded: fc.boolean(),
    baseBody: fc.option(aText, { nil: null }),
    origin: fc.option(
      fc.record({
        node: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
        version: fc.option(fc.integer({ min: 1, max: 99 }), { nil: null }),
        operation: fc.option(fc.constant("leaf.abc:7"), { nil: null }),
      }),
      { nil: null },
    ),
    author: fc.option(fc.string({ minLength: 1, maxLength: 20 }), { nil: null }),
    writtenAt: fc.option(fc.nat(), { nil: null }),
  })
  .map((record) => ({ ...record, bodyHash: record.body === null ? null : hash("sha256", record.body, "hex") }));
const aUnit: fc.Arbitrary<PushUnit> = fc.record({
  operationId: fc.integer({ min: 1, max: 9_999 }).map((n) => `clinic.abc:${n}`),
  records: fc.uniqueArray(aRecord, { minLength: 1, maxLength: 5, selector: ({ type, id }) => `${type}/${id}` }),
});

describe("a batch of units", () => {
  it("[S38] reads back as it was written, line ends and digits included", () => {
    fc.assert(
      fc.property(fc.array(aUnit, { maxLength: 5 }), (units) => {
        expect(parsePushBatch(writePushBatch(units))).toEqual({ units, ask: [], withdraw: [] });
      }),
    );
  });

  it("[S38] is refused as a whole when it is cut anywhere", () => {
    fc.assert(
      fc.property(
        fc.array(aUnit, { maxLength: 4 }),
        fc.double({ min: 0, max: 0.9999, noNaN: true }),
        (units, share) => {
          const text = writePushBatch(units);
          expect(() => parsePushBatch(text.slice(0, Math.floor(text.length * share)))).toThrow("no batch of units");
        },
      ),
    );
  });

  it.each([
    ["a record twice", ["p", "p"]],
    ["an id with a path", ["../p"]],
  ])("[S38] is refused when it has %s", (_, ids) => {
    const body = "{}";
    const records = ids.map((id) => ({
      type: "Patient",
      id,
      version: 1,
      body,
      bodyHash: hash("sha256", body, "hex"),
      baseVersion: null,
      baseDigest: null,
      isSuperseded: false,
      baseBody: null,
      origin: null,
      author: null,
      writtenAt: null,
    }));

    expect(() => parsePushBatch(writePushBatch([{ operationId: "clinic.abc:1", records }]))).toThrow(
      "no batch of units",
    );
  });
});
