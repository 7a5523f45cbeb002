import { expect, it } from "vitest";
import { scheduleOf } from "./schedule-of.ts";

it("tells when a node works by itself: by the clock before an interval, and a push before each pull when nothing is set", () => {
  expect(scheduleOf({ cron: "*/10 8-17 * * 1-5", everySeconds: 30 })).toEqual({
    kind: "cron",
    expression: "*/10 8-17 * * 1-5",
  });
  expect(scheduleOf({ everySeconds: 300 })).toEqual({ kind: "every", seconds: 300 });
  expect(scheduleOf({})).toEqual({ kind: "before-pull" });
});
