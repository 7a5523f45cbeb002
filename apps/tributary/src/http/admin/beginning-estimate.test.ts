import { expect, it } from "vitest";
import { withEstimate } from "./beginning-estimate.ts";

it("tells how long the rest of a beginning may take, by what has come since it began", () => {
  const beginning = { records: 1_000, recordsTotal: 4_000, startedAt: 10_000 };

  expect(withEstimate(beginning, 40_000)).toEqual({ ...beginning, estimateMs: 90_000 });
  expect(withEstimate({ ...beginning, records: 4_000 }, 40_000)).toMatchObject({ estimateMs: 0 });
});

it("estimates nothing before anything has come, and bears a clock that was set back", () => {
  const beginning = { records: 0, recordsTotal: 4_000, startedAt: 10_000 };

  expect(withEstimate(beginning, 40_000)).toMatchObject({ estimateMs: null });
  expect(withEstimate({ ...beginning, records: 1 }, 0)).toMatchObject({ estimateMs: 0 });
  expect(withEstimate(null, 40_000)).toBeNull();
});
