import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { linkControlOf } from "./link-control.ts";

function configOf(text: string) {
  return parseConfig(`node: { id: clinic-1, role: child, timeZone: Africa/Nairobi }\n${text}`, {
    where: "test",
    folder: "/nowhere",
  });
}

const midnight = Date.parse("2026-01-31T00:00:00Z");

it("pulls at intervals and pushes before each pull, if nothing else is said", async () => {
  const { schedules, types } = linkControlOf(await configOf(""));

  expect(schedules?.push).toBeUndefined();
  expect(schedules?.pull).toMatchObject({ isDueAtStart: true });
  expect(schedules?.pull.nextAfter(5)).toBe(30_005);
  expect(types).toEqual({ push: {}, pull: {} });
});

it("reads cron expressions in the node's time zone, and takes them before intervals", async () => {
  const { schedules } = linkControlOf(
    await configOf("push: { everySeconds: 5, types: { exclude: [Media] } }\npull: { cron: '30 2 * * *' }\n"),
  );

  expect(schedules?.push?.nextAfter(5)).toBe(5_005);
  expect(schedules?.pull.isDueAtStart).toBe(false);
  expect(schedules?.pull.nextAfter(midnight)).toBe(Date.parse("2026-01-31T23:30:00Z"));
});

it.each([
  ["pull: { cron: 'every day' }", /pull\.cron is no cron expression/],
  ["push: { types: { only: [Observatoin] } }", /push\.types\.only names what is no FHIR resource type/],
  ["push: { first: [Patients] }", /push\.first names/],
])("refuses %s with a sentence that helps", async (text, sentence) => {
  const config = await configOf(text);

  expect(() => linkControlOf(config)).toThrow(sentence);
});

it("refuses a time zone that there is not", async () => {
  const config = await configOf("push: { cron: '0 2 * * *' }");

  expect(() => linkControlOf({ ...config, node: { ...config.node, timeZone: "Mars/Olympus" } })).toThrow(
    /node\.timeZone/,
  );
});
