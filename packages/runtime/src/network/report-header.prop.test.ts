import fc from "fast-check";
import { expect, it } from "vitest";
import { readReport, reportHeader, writeReport } from "./report-header.ts";

const count = fc.integer({ min: 0, max: 999_999_999 });

it("what a child tells of itself is read as it was written, in a hundred bytes at the most", () => {
  fc.assert(
    fc.property(
      fc.record({
        version: fc.stringMatching(/^[\w.+-]{1,20}$/),
        clockOffsetMs: fc.integer({ min: -1e12, max: 1e12 }),
        unsent: count,
        unsentSince: fc.option(fc.integer({ min: 0, max: 4e12 })),
        parked: count,
        failed: count,
        openConflicts: count,
        children: fc.option(count),
      }),
      (report) => {
        const headers = writeReport(report);
        expect(readReport(headers)).toEqual(report);
        expect(headers[reportHeader]?.length).toBeLessThan(120);
      },
    ),
  );
});

it("what is no report says nothing", () => {
  for (const text of [undefined, "", "0.1.0", "0.1.0 o=1 u=-1 p=0 f=0 c=0", `${"9".repeat(70)} o=0 u=0 p=0 f=0 c=0`]) {
    expect(readReport(text === undefined ? {} : { [reportHeader]: text })).toBeUndefined();
  }
});

it("a child that does not say how many children it has is read all the same", () => {
  expect(readReport({ [reportHeader]: "0.1.0 o=0 u=0 p=0 f=0 c=0" })).toMatchObject({
    version: "0.1.0",
    children: null,
  });
});
