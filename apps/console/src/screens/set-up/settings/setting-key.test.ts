import { expect, it } from "vitest";
import { changeOf, setUnder } from "./setting-key.ts";

it("asks for the change of one setting alone, and for its way back to the configuration", () => {
  const follows = { version: 3, reason: "the line is dear" };

  expect(changeOf("schedules.pull", { cron: "0 2 * * *" }, follows)).toEqual({
    ...follows,
    schedules: { pull: { cron: "0 2 * * *" } },
  });
  expect(changeOf("policies", null, follows)).toEqual({ ...follows, policies: null });
});

it("reads what a version has set, and nothing where the configuration held", () => {
  const settings = { types: { push: { exclude: ["Media"] } } };

  expect(setUnder(settings, "types.push")).toEqual({ exclude: ["Media"] });
  expect(setUnder(settings, "types.pull")).toBeUndefined();
  expect(setUnder(settings, "schedules.push")).toBeUndefined();
});
