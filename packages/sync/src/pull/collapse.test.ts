import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StreamEntry } from "../stream/stream-entry.ts";
import { collapse } from "./collapse.ts";

const entry = (position: number, id: string): StreamEntry => ({
  position,
  type: "Patient",
  id,
  version: position,
  isDeleted: false,
  bodyDigest: "",
  originNode: null,
  originOperation: null,
  orderKey: null,
  transaction: null,
});

describe("collapsing a stretch", () => {
  it("[S3] keeps the last change of each record, in the order of those", () => {
    const kept = collapse([entry(1, "a"), entry(2, "b"), entry(3, "a")]);

    expect(kept.map(({ position }) => position)).toEqual([2, 3]);
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
