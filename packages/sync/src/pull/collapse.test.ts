import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StreamEntry } from "../stream/stream-entry.ts";
import { collapse } from "./collapse.ts";

const entry = (position: number, id: string, transaction: string | null = null): StreamEntry => ({
  position,
  type: "Patient",
  id,
  version: position,
  isDeleted: false,
  bodyDigest: "",
  originNode: null,
  originOperation: null,
  orderKey: null,
  transaction,
});

describe("collapsing a stretch", () => {
  it("[S3] keeps the last change of each record, in the order of their first changes", () => {
    const kept = collapse([entry(1, "a"), entry(2, "b"), entry(3, "a")]);

    expect(kept.map(({ position }) => position)).toEqual([3, 2]);
  });

  it("[S200] groups what was changed in one transaction, and groups with a record in common", () => {
    const kept = collapse([
      entry(1, "a", "t1"),
      entry(2, "x", "other"),
      entry(3, "b", "t1"),
      entry(4, "b", "t2"),
      entry(5, "y", null),
      entry(6, "c", "t2"),
    ]);

    expect(kept.map(({ id }) => id)).toEqual(["a", "b", "c", "x", "y"]);
    expect(new Set(kept.slice(0, 3).map(({ group }) => group)).size).toBe(1);
    expect(new Set(kept.map(({ group }) => group)).size).toBe(3);
  });

  it("[S3] ends in the same state as all changes one after another", () => {
    const changes = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 50 });
    const stateAfter = (entries: readonly StreamEntry[]) =>
      Object.fromEntries(entries.map(({ id, version }) => [id, version]));

    fc.assert(
      fc.property(changes, (ids) => {
        const entries = ids.map((id, at) => entry(at + 1, id));
        expect(stateAfter(collapse(entries))).toEqual(stateAfter(entries));
      }),
    );
  });
});
