import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatherUnits, type OwnChange, recordsOf } from "./gather-units.ts";

const change = (transaction: string, id: string, version: number): OwnChange => ({
  type: "Patient",
  id,
  version,
  transaction,
});
const namesOf = (changes: readonly OwnChange[]) =>
  gatherUnits(changes).map((unit) => recordsOf(unit).map(({ id, version }) => `${id}${version}`));

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
});
