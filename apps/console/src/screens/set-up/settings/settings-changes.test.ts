import { expect, it } from "vitest";
import { changedSettings } from "./settings-changes.ts";

it("tells which settings a version changed: what was set, set otherwise, and given back to the configuration", () => {
  const first = { schedules: { pull: { everySeconds: 60 } } };
  const second = { schedules: { pull: { everySeconds: 90 } }, policies: [] };

  expect(changedSettings(undefined, first)).toEqual(["schedules.pull"]);
  expect(changedSettings(first, second)).toEqual(["schedules.pull", "policies"]);
  expect(changedSettings(second, { policies: [] })).toEqual(["schedules.pull"]);
});
