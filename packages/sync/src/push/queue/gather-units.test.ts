import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherUnits, type OwnChange, orderUnits, recordsOf, unitRecordsMax } from "./gather-units.ts";

const change = (transaction: string, id: string, version: number): OwnChange => ({
  type: "Patient",
  id,
  version,
  transaction,
});
const namesOf = (changes: readonly OwnChange[]) =>
  gatherUnits(changes).map((unit) => recordsOf(unit).map(({ id, version }) => `${id}${version}`));

const changes = (transaction: string, from: number, count: number) =>
  Array.from({ length: count }, (_, at) => change(transaction, `r${from + at}`, 1));

const someChanges = fc
  .array(fc.record({ transaction: fc.integer({ min: 0, max: 8 }), id: fc.constantFrom("a", "b", "c", "d", "e") }), {
    maxLength: 40,
  })
  .map((pairs) => pairs.map(({ transaction, id }, at) => change(`t${transaction}`, id, at + 1)));

describe("gathering own changes into units", () => {
  it("[S37] keeps together what one transaction changed, and apart what has nothing in common", () => {
    expect(namesOf([change("t1", "a", 1), change("t1", "b", 1), change("t2", "c", 1)])).toEqual([["a1", "b1"], ["c1"]]);
  });

  it("[S37] sends several edits of one record as one, with all that was changed beside them", () => {
    const changes = [change("t1", "a", 1), change("t2", "c", 1), change("t3", "a", 2), change("t3", "c", 2)];

    expect(namesOf(changes)).toEqual([["a2", "c2"]]);
  });

  it("[S37] has every record in exactly one unit, in its last version, and no transaction in two", () => {
    fc.assert(
      fc.property(someChanges, (changes) => {
        const units = gatherUnits(changes);
        const sent = units.flatMap(recordsOf).map(({ id, version }) => [id, version] as const);
        const last = new Map(changes.map(({ id, version }) => [id, version]));
        expect(sent.toSorted()).toEqual([...last].toSorted());
        const transactions = units.flatMap((unit) => [...new Set(unit.map(({ transaction }) => transaction))]);
        expect(new Set(transactions).size).toBe(transactions.length);
      }),
    );
  });

  it("[S247] joins no transactions that have more than 10,000 records together, and sends them in their order", () => {
    const shared = [change("t1", "shared", 1), change("t2", "shared", 2), change("t3", "shared", 3)] as const;
    const own = [
      ...[shared[0], ...changes("t1", 0, 5_600)],
      ...[shared[1], ...changes("t2", 5_600, 5_600)],
      ...[shared[2], ...changes("t3", 11_200, 10)],
    ];

    const units = gatherUnits(own);

    expect(units.map((unit) => recordsOf(unit).length)).toEqual([5_601, 5_611]);
    expect(units.map((unit) => recordsOf(unit).find(({ id }) => id === "shared")?.version)).toEqual([1, 3]);
    expect(gatherUnits(units.flat())).toEqual(units);
  });

  it("[S247] lets no small edit overtake what large ones have of its records", () => {
    const own = [
      ...[change("t1", "a", 1), ...changes("t1", 0, 9_000)],
      ...[change("t2", "a", 2), change("t2", "b", 1), ...changes("t2", 9_000, 9_000)],
      ...[change("t3", "c", 1), ...changes("t3", 18_000, 9_997)],
      ...[change("t4", "a", 3), change("t4", "b", 2), change("t4", "c", 2), change("t4", "d", 1), change("t4", "e", 1)],
    ];

    const versions = gatherUnits(own).map((unit) => unit.filter(({ id }) => id === "a").map(({ version }) => version));

    expect(versions).toEqual([[1], [2], [], [3]]);
  });

  it("[S247] tears a transaction only when it has more records than a unit may have", () => {
    const units = gatherUnits([
      ...changes("t1", 0, unitRecordsMax),
      ...changes("t2", unitRecordsMax, 2 * unitRecordsMax + 1),
    ]);

    expect(units.map((unit) => unit.length)).toEqual([unitRecordsMax, unitRecordsMax, unitRecordsMax, 1]);
  });

  it("[S53] puts a unit behind nothing for what it has itself", () => {
    const refersTo = ["Patient/shared"];
    const earlier = [change("t1", "shared", 1), { ...change("t1", "a", 1), refersTo }];
    const later = [change("t2", "shared", 2), { ...change("t2", "b", 1), refersTo }];

    expect(orderUnits([earlier, later])).toEqual([earlier, later]);
  });
});
