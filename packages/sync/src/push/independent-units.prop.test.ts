import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { independentUnits } from "./independent-units.ts";
import type { PushedRecord, PushUnit } from "./push-unit.ts";

const aRecord = (type: string, id: string, targets: readonly string[]): PushedRecord => ({
  type,
  id,
  version: 1,
  body: JSON.stringify({ resourceType: type, id, at: targets.map((reference) => ({ reference })) }),
  bodyHash: null,
  baseVersion: null,
  baseDigest: null,
  isSuperseded: false,
  baseBody: null,
  origin: null,
  author: null,
  writtenAt: null,
});
const aName = fc.tuple(fc.constantFrom("Patient", "Encounter", "Practitioner"), fc.constantFrom("1", "2", "3", "4"));
const someUnits = fc
  .array(fc.array(fc.tuple(aName, fc.array(aName, { maxLength: 2 })), { minLength: 1, maxLength: 3 }), {
    maxLength: 90,
  })
  .map((units) =>
    units.map(
      (records, at): PushUnit => ({
        operationId: `n.a:${at}`,
        records: records.map(([[type, id], targets]) =>
          aRecord(
            type,
            id,
            targets.map((name) => name.join("/")),
          ),
        ),
      }),
    ),
  );

const ownOf = ({ records }: PushUnit) => records.map(({ type, id }) => `${type}/${id}`);
const targetsOf = ({ records }: PushUnit) =>
  records.flatMap(({ body }) => [...(body ?? "").matchAll(/"reference":"([^"]+)"/g)].map(([, target = ""]) => target));
const share = (some: readonly string[], others: readonly string[]) => some.some((name) => others.includes(name));

function haveToDo(one: PushUnit, other: PushUnit): boolean {
  const [own, theirs] = [ownOf(one), ownOf(other)];
  const patients = targetsOf(one).filter((name) => name.startsWith("Patient/"));
  return (
    share(own, theirs) ||
    share(own, targetsOf(other)) ||
    share(targetsOf(one), theirs) ||
    share(patients, targetsOf(other))
  );
}

describe("units that may be taken at the same time", () => {
  it("[S53] have nothing to do with each other, and none comes before an earlier one with which it has", () => {
    fc.assert(
      fc.property(someUnits, fc.integer({ min: 1, max: 8 }), (units, max) => {
        const placeOf = new Map(units.map((unit, at) => [unit, at]));
        let left: readonly PushUnit[] = units;
        const done: PushUnit[] = [];
        while (left.length > 0) {
          const { together, rest } = independentUnits(left, max);
          expect(together.length).toBeGreaterThan(0);
          expect(together.length).toBeLessThanOrEqual(max);
          for (const unit of together) {
            expect(together.some((other) => other !== unit && haveToDo(unit, other))).toBe(false);
            const skipped = rest.filter((other) => placeOf.get(other)! < placeOf.get(unit)!);
            expect(skipped.some((other) => haveToDo(unit, other))).toBe(false);
          }
          done.push(...together);
          left = rest;
        }
        expect(new Set(done)).toEqual(new Set(units));
      }),
    );
  });

  it("[S33] are never two of one name", () => {
    const twins = ["1", "2"].map((id): PushUnit => ({ operationId: "n.a:1", records: [aRecord("Patient", id, [])] }));

    expect(independentUnits(twins, 8)).toEqual({ together: twins.slice(0, 1), rest: twins.slice(1) });
  });
});
