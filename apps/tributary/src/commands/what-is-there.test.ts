import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdminEndpoint, adminEndpoints } from "@tributary/admin-api";
import { sql } from "@tributary/database";
import { aPatient } from "@tributary/fhir/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { save } from "../../testing/open-pair.ts";
import { openServed } from "../../testing/open-served.ts";

const putFailed = sql(`
  insert into failed_events (feed_uri, consumer, event_id, title, error_message, error_hash_code, retries, failed_at)
  values ('http://x/feed/recent', 'lab', 'e-1', 'Patient', 'Rose has no ward', 1, 2, '2026-11-21 08:00:00.000')`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "there-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function told<Name extends AdminEndpoint>(name: Name, printed: string) {
  return adminEndpoints[name].answer?.parse(JSON.parse(printed));
}

it("finds and shows records, sorted and page by page, to who may see people", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, atParent, atParentAs } = served;
  const named = (given: string) => [{ family: "Achieng", given: [given] }];
  await save(
    parent,
    aPatient("a", { name: named("Zawadi"), birthDate: "1990-05-01" }),
    aPatient("b", { name: named("Brian"), birthDate: "1970-01-02", identifier: [{ value: "N-7" }] }),
  );
  const watcher = await atParentAs("operator");

  const found = await atParent("record", "find", "achieng", "--sort", "birthDate", "--order", "desc");
  const first = await atParent("record", "find", "achieng", "--sort", "name", "--limit", "1");
  const [, after = ""] = /--after '(.+)'$/.exec(first.noted) ?? [];
  const second = await atParent(
    "record",
    "find",
    "achieng",
    "--sort",
    "name",
    "--limit",
    "1",
    "--after",
    after,
    "--json",
  );
  const none = await atParent("record", "find", "Observation/9");
  const shown = await atParent("record", "show", "Patient/b");
  const whole = await atParent("record", "show", "Patient/b", "--json");
  const refused = [
    await atParent("record", "show", "Patient/nobody"),
    await atParent("record", "show", "Patient"),
    await watcher("record", "find", "achieng"),
  ];

  expect(found.printed.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["RECORD", "VERSION", "NAME", "BORN", "GENDER", "IDENTIFIERS"],
    ["Patient/a", "1", "Zawadi Achieng", "1990-05-01"],
    ["Patient/b", "1", "Brian Achieng", "1970-01-02", "N-7"],
  ]);
  expect(first.printed).toContain("Patient/b");
  expect(told("GET /records", second.printed)).toMatchObject({ items: [{ id: "a" }], next: null, isCut: false });
  expect(none.printed).toBe("This node has no such record.");
  expect(shown.printed).toMatch(/^Patient\/b, version 1, .*\n\{.*"birthDate":"1970-01-02"/);
  expect(told("GET /records/:type/:id", whole.printed)).toMatchObject({ id: "b", openConflicts: 0 });
  expect(refused.map(({ code }) => code)).toEqual([2, 2, 1]);
  expect(refused[2]?.noted).toContain("[ROLE_TOO_SMALL]");
});

it("tells traffic, configuration, feeds and the API itself", { timeout: 120_000 }, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, ask, atParent } = served;
  await save(parent, aPatient("a"));

  const quiet = await atParent("traffic", "--hours", "2", "--child", "elsewhere");
  await ask("POST", "/pull", {});
  const traffic = await atParent("traffic", "--hours", "1");
  const points = await atParent("traffic", "--child", "clinic", "--json");
  const tooLong = await atParent("traffic", "--hours", "1000");
  const settings = await atParent("configuration", "--find", "http.", "--json");
  const table = await atParent("configuration", "--sort", "isDefault", "--limit", "3");
  const feeds = await atParent("feed", "list", "--sort", "head", "--order", "desc", "--find", "patient", "--json");
  const api = await atParent("openapi");

  expect(quiet.printed).toBe("Nothing went over the lines in the last 2 hours.");
  expect(traffic.printed).toMatch(/^FROM +REQUESTS +SENT +RECEIVED +RECORDS IN +RECORDS OUT +FAILURES$/m);
  expect(traffic.printed).toMatch(/^all of it +[1-9]/m);
  expect(told("GET /traffic", points.printed)).toMatchObject({ points: expect.any(Array) });
  expect(tooLong).toMatchObject({ code: 2, noted: expect.stringContaining("hours") });
  const { items } = adminEndpoints["GET /configuration"].answer.parse(JSON.parse(settings.printed));
  expect(items.map(({ key }) => key.includes("http."))).toEqual(items.map(() => true));
  expect(items.length).toBeGreaterThan(0);
  expect(table.printed).toMatch(/^\S+ +\S.* +set$/m);
  expect(table.noted).toContain("--after");
  expect(told("GET /feeds", feeds.printed)).toMatchObject({ items: [{ category: "patient", head: 1 }], total: 1 });
  expect(JSON.parse(api.printed)).toMatchObject({ openapi: "3.1.1", paths: { "/traffic": expect.anything() } });
});

it("shows an event that a consumer could not process, with what it said to who may read it", {
  timeout: 120_000,
}, async () => {
  await using served = await openServed("sqlite", folder);
  const { parent, atParent, atParentAs } = served;
  await parent.database.transaction((tx) => tx.run(putFailed));
  const watcher = await atParentAs("operator");

  const shown = await atParent("feed", "failure", "1");
  const withheld = await watcher("feed", "failure", "1");
  const json = await atParent("feed", "failure", "1", "--json");
  const gone = await atParent("feed", "failure", "2");

  expect(shown.printed.split("\n")).toEqual([
    "e-1 at lab, who reads http://x/feed/recent",
    "retrying, 2 retries",
    "title: Patient",
    "2026-11-21T08:00:00.000Z Rose has no ward",
  ]);
  expect(withheld.printed).toContain("(not told)");
  expect(withheld.printed).not.toContain("Rose");
  expect(told("GET /feeds/failures/:id", json.printed)).toMatchObject({ failureId: "1", log: [] });
  expect(gone.code).toBe(2);
});
