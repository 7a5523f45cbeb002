import { expect, it } from "vitest";
import { scheduleOf } from "./schedule-of.ts";

const settings = [
  { key: "node.timeZone", value: "Africa/Nairobi" },
  { key: "push.cron", value: null },
  { key: "push.everySeconds", value: null },
  { key: "pull.cron", value: "*/10 8-17 * * 1-5" },
  { key: "pull.everySeconds", value: 30 },
  { key: "verify.cron", value: null },
  { key: "verify.everySeconds", value: 300 },
];

it("tells when a node works by itself: by the clock before an interval, and a push before each pull when nothing is set", () => {
  expect(scheduleOf(settings, "pull")).toEqual({
    kind: "cron",
    expression: "*/10 8-17 * * 1-5",
    timeZone: "Africa/Nairobi",
  });
  expect(scheduleOf(settings, "verify")).toEqual({ kind: "every", seconds: 300 });
  expect(scheduleOf(settings, "push")).toEqual({ kind: "before-pull" });
});
