import { expect, it } from "vitest";
import { everyMs, type Schedule } from "./schedule.ts";
import { Timetable } from "./timetable.ts";

/** Due at every full thousand, and not at the start. */
const onTheThousand: Schedule = {
  isDueAtStart: false,
  nextAfter: (now) => (Math.floor(now / 1000) + 1) * 1000,
};

it("[S73] a push without a schedule of its own goes before every pull", () => {
  const timetable = new Timetable({ pull: everyMs(50) }, 0);

  expect(timetable.dueAt(0)).toEqual(["push", "pull"]);
  timetable.done("push", 10);
  timetable.done("pull", 10);
  expect(timetable.dueAt(59)).toEqual([]);
  expect(timetable.waitMs(20)).toBe(40);
  expect(timetable.dueAt(60)).toEqual(["push", "pull"]);
});

it("[S73] each direction is due by its own schedule, an interval at once and another at its next time", () => {
  const timetable = new Timetable({ push: everyMs(300), pull: onTheThousand }, 100);

  expect(timetable.dueAt(100)).toEqual(["push"]);
  timetable.done("push", 100);
  expect(timetable.waitMs(100)).toBe(300);
  expect(timetable.dueAt(1000)).toEqual(["push", "pull"]);
  timetable.done("pull", 1000);
  timetable.done("push", 1000);
  expect(timetable.dueAt(1300)).toEqual(["push"]);
});

it("[S73] what has waited over several times is done once", () => {
  const timetable = new Timetable({ pull: onTheThousand }, 0);

  expect(timetable.dueAt(9_500)).toEqual(["push", "pull"]);
  timetable.done("pull", 9_500);
  expect(timetable.dueAt(9_600)).toEqual([]);
  expect(timetable.waitMs(9_600)).toBe(400);
});

it("[S73] a clock that is set back does not put a direction off by more than its schedule", () => {
  const timetable = new Timetable({ pull: everyMs(50) }, 1_000_000);
  timetable.done("pull", 1_000_000);

  expect(timetable.waitMs(5_000)).toBe(50);
  expect(timetable.dueAt(5_050)).toEqual(["push", "pull"]);
});

it("[S73] a wake makes everything due, and a time that is far off is looked at again within the hour", () => {
  const never: Schedule = { isDueAtStart: false, nextAfter: () => undefined };
  const timetable = new Timetable({ pull: never }, 0);

  expect(timetable.dueAt(10 ** 9)).toEqual([]);
  expect(timetable.waitMs(0)).toBe(3_600_000);
  timetable.hurry(7);
  expect(timetable.dueAt(7)).toEqual(["push", "pull"]);
});
