import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runToEnd } from "../../testing/run-to-end.ts";

it("shows, sets and remembers what is changed while a node runs", { timeout: 120_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), "settings-"));
  const settings = (...words: string[]) => runToEnd("settings", ...words, "--dir", dir);
  const set = (key: string, value: string, ...more: string[]) =>
    settings("set", key, value, "--reason", "night line", "--as", "amina", ...more);
  try {
    await runToEnd("init", "child", "--dir", dir, "--id", "clinic");
    const rules = join(dir, "rules.json");
    await writeFile(rules, JSON.stringify([{ type: "Patient", element: "telecom", policy: "child-wins" }]));

    const first = await set("schedules.pull", '{"cron":"0 2 * * *"}');
    const again = await set("schedules.pull", '{"cron":"0 2 * * *"}');
    const second = await set("policies", `@${rules}`, "--json");
    const shown = await settings("show");
    const wrong = await set("types.push", '{"only":["Patiens"]}');
    const unknown = await set("http.port", "1");
    const noJson = await set("policies", "manual");
    const back = await set("schedules", "null");
    const told = await settings("show", "--json");
    const history = await settings("history");
    const examined = await runToEnd("doctor", "--json", "--dir", dir);
    const older = await settings("history", "--json", "--after", "2");

    expect([first.code, again.code, second.code, shown.code, back.code]).toEqual([0, 0, 0, 0, 0]);
    expect(first.printed).toContain("Version 1 of the settings is in force");
    expect(again.printed).toContain("Nothing was changed");
    expect(JSON.parse(second.printed)).toMatchObject({ version: 2, policies: { version: 2, from: "settings" } });
    expect(shown.printed.split("\n").map((line) => line.split(/\s{2,}/))).toEqual([
      ["SETTING", "FROM", "VERSION", "VALUE"],
      ["schedules.push", "file", "-", "{}"],
      ["schedules.pull", "settings", "1", '{"cron":"0 2 * * *"}'],
      ["types.push", "file", "-", "{}"],
      ["types.pull", "file", "-", "{}"],
      [
        "push.first",
        "file",
        "-",
        '["ServiceRequest","Task","CommunicationRequest","Flag","AllergyIntolerance","Patient"]',
      ],
      ["verify", "file", "-", '{"cron":"17 2 * * *","repair":false}'],
      ["policies", "settings", "2", '[{"type":"Patient","element":"telecom","policy":"child-wins"}]'],
    ]);
    expect([wrong.code, unknown.code, noJson.code]).toEqual([2, 2, 2]);
    expect(wrong.noted).toContain("push.types.only names what is no FHIR resource type");
    expect(unknown.noted).toContain("http.port cannot be set while the node runs");
    expect(JSON.parse(told.printed)).toMatchObject({
      version: 3,
      setBy: "amina",
      schedules: { pull: { from: "file", version: null } },
      policies: { from: "settings", version: 2 },
    });
    expect(history.printed.split("\n")).toHaveLength(4);
    expect(JSON.parse(examined.printed)).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ check: "settings", state: "well" })]),
    });
    expect(JSON.parse(older.printed)).toMatchObject({
      items: [{ version: 1, setBy: "amina", reason: "night line" }],
      total: 3,
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});
