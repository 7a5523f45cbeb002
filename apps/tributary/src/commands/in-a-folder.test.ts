import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adminEndpoints } from "@tributary/admin-api";
import { openDatabase, sql } from "@tributary/database";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runHere } from "../../testing/run-here.ts";

const contest = sql(`
  insert into child_instances (node, instance, former, incarnation, contested_at)
  values ('clinic', 'copy', '["first"]', '', 7)`);
const spoil = sql("update settings_versions set settings = $1");
const putFailed = sql(`
  insert into failed_events (feed_uri, consumer, event_id, error_message, error_hash_code, retries)
  values ('http://x/feed/recent', 'lab', 'e-1', 'the lab said something about a person', 1, 2)`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const here = (...words: string[]) => runHere([...words, "--dir", folder]);

async function write(statement: ReturnType<typeof sql>, ...values: string[]): Promise<void> {
  await using database = await openDatabase({ address: join(folder, "node.db") });
  await database.transaction((tx) => tx.run(statement, values));
}

it("decides about clones, and about the types for all, in the name that is given or the user's own", {
  timeout: 120_000,
}, async () => {
  await here("init", "parent", "--id", "centre");
  await write(contest);

  const told = await here("node", "accept-clone", "clinic", "--json");
  const accepted = await here("node", "accept-clone", "clinic", "--instance", "first", "--as", "rose");
  const set = await here("catchment", "types", "--set", "Location", "--reason", "agreed");
  const back = await here("catchment", "types", "--set", "");
  const trail = await here("audit", "list", "--json");

  expect(adminEndpoints["GET /children/:node/clones"].answer.parse(JSON.parse(told.printed))).toEqual({
    node: "clinic",
    contestedAt: 7,
    instances: ["copy", "first"],
  });
  expect([accepted.code, set.code, back.code]).toEqual([0, 0, 0]);
  expect(set.printed).toBe("Location");
  expect(back.printed.split("\n")).toContain("ValueSet");
  expect(trail.printed).toMatch(/"actor":"rose".*"outcome":"clone-accepted"/);
  expect(trail.printed).toMatch(/"actor":"amina".*"outcome":"metadata-types"/);
});

it("makes, lists and revokes tokens, and issues a code that tells where the parent is", {
  timeout: 120_000,
}, async () => {
  await here("init", "parent", "--id", "centre", "--port", "8123");

  const none = await here("token", "list", "--find", "board");
  const made = await here("token", "create", "board", "--json");
  const days = await here("token", "create", "other", "--days", "0");
  const twice = await here("token", "create", "board");
  const listed = await here("token", "list", "--json", "--state", "living", "--find", "board");
  const revoked = await here("token", "revoke", "board");
  const code = await here("enrol", "--new", "clinic", "--json");
  const hours = await here("enrol", "--new", "clinic", "--hours", "1000");
  const name = await here("enrol", "--new", "a name");

  expect(none).toMatchObject({ code: 0, printed: "", noted: expect.stringContaining("There are no such tokens") });
  const { token } = adminEndpoints["POST /tokens"].answer.parse(JSON.parse(made.printed));
  expect([days.code, twice.code, hours.code, name.code]).toEqual([2, 2, 2, 2]);
  expect(listed.printed).not.toContain(token);
  expect(adminEndpoints["GET /tokens"].answer.parse(JSON.parse(listed.printed))).toMatchObject({
    items: [{ name: "board", role: "administrator", createdBy: "amina" }],
  });
  expect(revoked.code).toBe(0);
  expect(JSON.parse(code.printed)).toMatchObject({ node: "clinic", url: "http://127.0.0.1:8123" });
});

it("tells settings that cannot be used any more, and sets them back", { timeout: 120_000 }, async () => {
  await here("init", "child", "--id", "clinic");
  await here("settings", "set", "policies", "[]", "--reason", "x");
  await write(spoil, '{"policies":[{"type":"Patient","policy":"gone"}]}');
  const bundle = join(folder, "bundle.json");

  const round = await here("pause", "--reason", "x");
  const shown = await here("settings");
  const written = await here("support-bundle", "--to", bundle);
  const other = await here("settings", "set", "verify", '{"cron":"0 4 * * *"}', "--reason", "x");
  const mended = await here("settings", "set", "policies", "null", "--reason", "it was of an older version");
  const after = await here("pause", "--reason", "x");

  expect([round.code, shown.code, written.code, other.code, mended.code, after.code]).toEqual([2, 0, 0, 2, 0, 2]);
  expect([round.noted, after.noted]).toEqual([
    expect.stringContaining("[CONFIG_INVALID]"),
    expect.stringContaining("[NOT_ENROLLED]"),
  ]);
  expect(shown.printed).toMatch(/^policies +settings +1 +\[\{"type":"Patient","policy":"gone"\}\]$/m);
  expect(other.noted).toContain("merge.policies.0.policy");
  expect(JSON.parse(await readFile(bundle, "utf8"))).toMatchObject({
    status: { node: "clinic" },
    doctor: expect.arrayContaining([expect.objectContaining({ check: "settings", state: "broken" })]),
  });
});

it("puts merge rules in another order, and leaves them where there is no such place", {
  timeout: 120_000,
}, async () => {
  await here("init", "parent", "--id", "centre");
  const none = await here("settings", "move-rule", "1", "1", "--reason", "x");
  const rules = ["manual", "child-wins", "parent-wins"].map((policy) => ({ type: "Patient", policy }));
  await here("settings", "set", "policies", JSON.stringify(rules), "--reason", "x");

  const moved = await here("settings", "move-rule", "3", "1", "--reason", "agreed");
  const wrong = [
    await here("settings", "move-rule", "4", "1", "--reason", "x"),
    await here("settings", "move-rule", "1", "0", "--reason", "x"),
  ];
  const history = await here("settings", "history", "--json", "--limit", "1");

  expect(none).toMatchObject({ code: 2, noted: expect.stringContaining("There are no merge rules in force.") });
  expect(moved.printed.split("\n").map((line) => line.split(/\s+/))).toEqual([
    ["PLACE", "TYPE", "ELEMENT", "POLICY"],
    ["1", "Patient", "parent-wins"],
    ["2", "Patient", "manual"],
    ["3", "Patient", "child-wins"],
  ]);
  expect(wrong.map(({ code, noted }) => [code, /A rule's place is a number from 1 to 3/.test(noted)])).toEqual([
    [2, true],
    [2, true],
  ]);
  expect(JSON.parse(history.printed)).toMatchObject({ items: [{ version: 2, reason: "agreed" }], next: "2" });
});

it("lists, retries and discards what a consumer could not process, without a word of anybody", {
  timeout: 120_000,
}, async () => {
  await here("init", "parent", "--id", "centre");
  await write(putFailed);

  const listed = await here("feed", "failures", "--consumer", "lab", "--find", "e-1");
  const [, failure = ""] = /^(\S+) +lab +e-1 /m.exec(listed.printed) ?? [];
  const retried = await here("feed", "retry", failure);
  const discarded = await here("feed", "discard", failure, "--reason", "it is known there");
  const gone = await here("feed", "failures");
  const again = await here("feed", "discard", failure, "--reason", "it is known there");
  const trail = await here("audit", "list", "--operation", "manual");

  expect(listed.printed).not.toContain("person");
  expect([retried.code, discarded.code, again.code]).toEqual([0, 0, 2]);
  expect(gone.printed).toBe("No event waits for a consumer.");
  expect(trail.printed).toMatch(/amina.*feed-event-/);
});
