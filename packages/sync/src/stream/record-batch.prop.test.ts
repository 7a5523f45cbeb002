import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecordBatch, type RecordBatch, type TravellingRecord, writeRecordBatch } from "./record-batch.ts";

const anId = fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/);
const aBody = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }).filter((text) => text.isWellFormed()),
  fc.constant('{\n  "resourceType" : "Patient",\n  "multipleBirthInteger": 1.00\n}\n'),
);

const aRecord: fc.Arbitrary<TravellingRecord> = fc
  .record({
    type: fc.constantFrom("Patient", "Observation"),
    id: anId,
    version: fc.integer({ min: 1, max: 9_999 }),
    body: fc.option(aBody, { nil: null }),
    originNode: fc.string({ minLength: 1, maxLength: 20 }),
    originVersion: fc.option(fc.integer({ min: 1, max: 99 }), { nil: null }),
    originOperation: fc.option(fc.string({ maxLength: 20 }), { nil: null }),
  })
  .map((record) => ({ ...record, bodyHash: record.body === null ? null : hash("sha256", record.body, "hex") }));

const aBatch: fc.Arbitrary<RecordBatch> = fc.record({
  records: fc.array(aRecord, { maxLength: 8 }),
  missing: fc.array(fc.record({ type: fc.constant("Encounter"), id: anId }), { maxLength: 3 }),
});

describe("a batch of records", () => {
  it("[S4] brings every body to the byte, line ends and digits included", () => {
    fc.assert(
      fc.property(aBatch, (batch) => {
        expect(parseRecordBatch(writeRecordBatch(batch))).toEqual(batch);
      }),
    );
  });

  it("[S4] is refused when it is cut anywhere", () => {
    fc.assert(
      fc.property(aBatch, fc.double({ min: 0, max: 0.9999, noNaN: true }), (batch, share) => {
        const bytes = writeRecordBatch(batch);
        expect(() => parseRecordBatch(bytes.subarray(0, Math.floor(bytes.byteLength * share)))).toThrow(
          "no batch of records",
        );
      }),
    );
  });

  it("[S4] is refused when any one bit of a body has changed", () => {
    const body = '{"resourceType":"Patient","id":"p"}';
    const bodyHash = hash("sha256", body, "hex");
    const record = {
      type: "Patient",
      id: "p",
      version: 1,
      body,
      bodyHash,
      originNode: "centre",
      originVersion: 1,
      originOperation: null,
    };
    const whole = writeRecordBatch({ records: [record], missing: [] });
    const start = Buffer.from(whole).indexOf(body);

    for (let at = 0; at < body.length; at++) {
      const damaged = Uint8Array.from(whole);
      damaged[start + at]! ^= 1;
      expect(() => parseRecordBatch(damaged)).toThrow("no batch of records");
    }
  });
});
