import { describe, expect, it } from "vitest";
import { describeProgress } from "./snapshot-progress-text.ts";

describe("the progress of a beginning", () => {
  it("says how much is here, what is coming, and how long it may take", () => {
    const progress = { stage: "care", records: 1_200, recordsTotal: 50_000, bytes: 10, bytesTotal: 100 } as const;

    expect(describeProgress({ ...progress, estimateMs: 200_000 })).toBe(
      "Beginning: 1,200 of 50,000 records (10 %), at patients, allergies, problems, medication; about 4 min left.",
    );
    expect(describeProgress({ ...progress, estimateMs: undefined })).not.toContain("left");
  });
});
