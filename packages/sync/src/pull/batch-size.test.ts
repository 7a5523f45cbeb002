import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchBytesFirst, batchBytesMax, batchBytesMin, nextBatchBytes } from "./batch-size.ts";

describe("the size of a batch", () => {
  it("[S5] doubles after a fast answer and halves after a slow or failed one", () => {
    expect(nextBatchBytes(batchBytesFirst, { tookMs: 100 })).toBe(batchBytesFirst * 2);
    expect(nextBatchBytes(batchBytesFirst, { tookMs: 5_000 })).toBe(batchBytesFirst);
    expect(nextBatchBytes(batchBytesFirst, { tookMs: 20_000 })).toBe(batchBytesFirst / 2);
    expect(nextBatchBytes(batchBytesFirst, "failed")).toBe(batchBytesFirst / 2);
  });

  it("[S5] stays within its bounds whatever the line does", () => {
    const turn = fc.oneof(fc.constant("failed" as const), fc.record({ tookMs: fc.nat(60_000) }));
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
        const end = turns.reduce<number>((bytes, last) => nextBatchBytes(bytes, last), batchBytesFirst);
        expect(end).toBeGreaterThanOrEqual(batchBytesMin);
        expect(end).toBeLessThanOrEqual(batchBytesMax);
      }),
    );
  });
});
