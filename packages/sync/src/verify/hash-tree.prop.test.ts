import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, differingBuckets, HashTreeBuilder, type TreeRecord } from "./hash-tree.ts";

const records = fc.uniqueArray(
  fc.record({
    type: fc.constantFrom("Patient", "Observation"),
    id: fc.stringMatching(/^[a-z0-9]{1,8}$/),
    bodyHash: fc.stringMatching(/^[0-9a-f]{64}$/),
  }),
  { selector: ({ type, id }) => `${type}/${id}`, maxLength: 60 },
);

function treeOf(some: readonly TreeRecord[]) {
  const builder = new HashTreeBuilder();
  for (const record of some) builder.add(record);
  return builder.finish();
}

describe("a hash tree", () => {
  it("[S140] is the same for the same records in whatever order, and for no others", () => {
    fc.assert(
      fc.property(records, fc.func(fc.integer()), (some, rank) => {
        const shuffled = [...some].sort((a, b) => rank(a.id) - rank(b.id));
        expect(treeOf(shuffled)).toEqual(treeOf(some));
      }),
    );
  });

  it("[S141] differs exactly in the buckets of the records that differ", () => {
    fc.assert(
      fc.property(records, records, (some, others) => {
        const names = new Map(some.map((one) => [`${one.type}/${one.id}`, one]));
        const others2 = new Map(others.map((one) => [`${one.type}/${one.id}`, one]));
        const apart = [...some, ...others].filter(
          ({ type, id }) => names.get(`${type}/${id}`)?.bodyHash !== others2.get(`${type}/${id}`)?.bodyHash,
        );
        const expected = [...new Set(apart.map(bucketOf))].sort((a, b) => a - b);
        const [one, other] = [treeOf(some), treeOf(others)];
        expect(differingBuckets(one.buckets, other.buckets)).toEqual(expected);
        expect(one.root === other.root).toBe(expected.length === 0);
      }),
    );
  });
});
