import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PushedRecord, PushUnit } from "./push-unit.ts";
import { nextGroups } from "./unit-groups.ts";

const aRecord = (type: string, id: string): PushedRecord => ({
  type,
  id,
  version: 1,
  body: null,
  bodyHash: null,
  baseVersion: null,
  baseDigest: null,
  isSuperseded: false,
  baseBody: null,
  origin: null,
  author: null,
  writtenAt: null,
});
/** Units of up to 400 records each, of which some share one. */
const someUnits = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 120 }), fc.constantFrom(1, 2, 400)), { maxLength: 150 })
  .map((units) =>
    units.map(
      ([shared, records], at): PushUnit => ({
        operationId: `n.a:${at}`,
        records: [
          aRecord("Patient", String(shared)),
          ...Array.from({ length: records - 1 }, (_, n) => aRecord("Observation", `${at}-${n}`)),
        ],
      }),
    ),
  );

const patientOf = ({ records }: PushUnit): string => records[0]!.id;

describe("groups of units", () => {
  it("[S170] hold each unit once, after those with which it shares a record, and never both", () => {
    fc.assert(
      fc.property(someUnits, fc.constantFrom("sqlite", "postgres"), (units, dialect) => {
        const done: PushUnit[] = [];
        for (let left: readonly PushUnit[] = units; left.length > 0; ) {
          const { groups, rest } = nextGroups(dialect, left);
          const atOnce = dialect === "postgres" ? [groups.flat()] : groups;
          for (const together of atOnce) expect(new Set(together.map(patientOf)).size).toBe(together.length);
          for (const group of groups) {
            expect(group.length).toBeGreaterThan(0);
            const records = group.reduce((sum, unit) => sum + unit.records.length, 0);
            expect(group.length === 1 || records <= 500).toBe(true);
          }
          expect(groups.length).toBeGreaterThan(0);
          if (dialect === "postgres") expect(groups.length).toBeLessThanOrEqual(2);
          done.push(...groups.flat());
          left = rest;
        }
        expect(new Set(done)).toEqual(new Set(units));
        expect(done).toHaveLength(units.length);
        for (const ofOne of Map.groupBy(done, patientOf).values()) {
          expect(ofOne).toEqual(units.filter((unit) => patientOf(unit) === patientOf(ofOne[0]!)));
        }
      }),
    );
  });
});
