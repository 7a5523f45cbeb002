import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { configWith, layOver } from "./config-with-settings.ts";
import { settingsOf, valuesOf } from "./node-settings.ts";

function configOf(text = "") {
  return parseConfig(`node: { id: clinic, role: child }\n${text}`, { where: "test", folder: "/nowhere" });
}

it.each([
  [
    { schedules: { push: { everySeconds: 0 } } },
    /^push\.everySeconds is a number that cannot be used in the settings;/,
  ],
  [{ schedules: { pull: { everySecond: 5 } } }, /^pull\.everySecond in the settings is no setting; did you mean pull/],
  [{ schedules: { push: { types: {} } } }, /^push\.types in the settings is no setting/],
  [{ schedules: { pull: { cron: "every day" } } }, /^pull\.cron is no cron expression/],
  [{ schedules: { pull: 5 } }, /^pull is a number that cannot be used in the settings; it must be a mapping/],
  [{ schedules: 5 }, /^schedules in the settings is no mapping with push and pull/],
  [{ types: { push: { only: ["patient"] } } }, /^push\.types\.only\.0 is a text that cannot be used in the settings/],
  [{ types: { pull: { exclude: ["Patients"] } } }, /^pull\.types\.exclude names what is no FHIR resource type/],
  [{ types: { both: {} } }, /^types\.both cannot be set while the node runs; did you mean types\.p/],
  [{ push: { first: ["Tasks"] } }, /^push\.first names what is no FHIR resource type/],
  [{ push: { types: {} } }, /^push\.types cannot be set while the node runs/],
  [{ push: 5 }, /^push in the settings is no mapping with first\.$/],
  [{ verify: { cron: "nightly" } }, /^verify\.cron is no cron expression/],
  [{ verify: { repair: true } }, /^verify\.cron is missing/],
  [{ verify: { cron: "0 2 * * *", repair: "yes" } }, /^verify\.repair is a text that cannot be used in the settings/],
  [{ policies: [{ type: "Patient", policy: "mine" }] }, /^merge\.policies\.0\.policy .*; write one of merge, manual/],
  [{ policies: [{ type: "Patient", element: "x", policy: "merge" }] }, /^merge\.policies\.0\.element in the settings/],
  [{ policies: {} }, /^merge\.policies is a mapping that cannot be used in the settings; write a list/],
  [{ http: { port: 1 } }, /^http cannot be set while the node runs; write one of schedules\.push/],
])("refuses %j in the configuration's words, by the configuration's key", async (given, sentence) => {
  const config = await configOf();

  expect(() => configWith(config, settingsOf(valuesOf(given)))).toThrow(sentence);
});

it("takes a schedule as a whole, and leaves everything else as the file says it", async () => {
  const config = await configOf("push: { cron: '0 2 * * *', first: [Task] }\npull: { everySeconds: 7 }");

  const inForce = configWith(config, { schedules: { push: {}, pull: { cron: "0 3 * * *" } } });

  expect(inForce.push).toEqual({ first: ["Task"], types: {} });
  expect(inForce.pull).toMatchObject({ cron: "0 3 * * *", types: {} });
  expect({ ...inForce, push: config.push, pull: config.pull }).toEqual(config);
  expect(configWith(config, {})).toEqual(config);
});

it("takes what is sent first beside the schedule of the file, and a verification without repair as one that only tells", async () => {
  const config = await configOf("push: { cron: '0 2 * * *' }\nverify: { cron: '0 4 * * *', repair: true }");

  const inForce = configWith(config, { push: { first: ["Flag"] }, ...settingsOf({ verify: { cron: "0 5 * * *" } }) });

  expect(inForce.push).toEqual({ cron: "0 2 * * *", first: ["Flag"], types: {} });
  expect(inForce.verify).toEqual({ cron: "0 5 * * *", repair: false });
});

it("lays over the file what cannot be used too, so that it can be told and mended", async () => {
  const config = await configOf();
  const stale = {
    schedules: { pull: { cron: "every day" } },
    policies: [{ type: "Nothing", policy: "merge" }],
  } as const;

  const told = layOver(config, { ...stale, policies: [...stale.policies] });

  expect(told.pull.cron).toBe("every day");
  expect(told.merge.policies).toEqual(stale.policies);
});
