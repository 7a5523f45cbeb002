import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd } from "../../testing/run-to-end.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-audit-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const tributary = (...words: string[]) => runToEnd(...words, "--dir", home);

it("lists the trail, tells a record's timeline, and finds what was altered", async () => {
  await tributary("init", "parent", "--id", "centre");
  for (const weight of ["70.0", "70.00"]) {
    const file = join(home, "observation.json");
    const value = `"valueQuantity":{"value":${weight},"unit":"kg"}`;
    writeFileSync(file, `{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"weight"},${value}}`);
    await tributary("load", file);
  }

  const listed = await tributary("audit", "list", "--reference", "Observation/o1", "--json");
  const table = await tributary("audit", "list", "--limit", "1");
  const told = await tributary("timeline", "Observation/o1");
  const intact = await tributary("audit", "verify", "--json");
  const csv = await tributary("audit", "export", "--reference", "Observation/o1");
  const ndjson = await tributary("audit", "export", "--format", "ndjson");
  const tampering = new DatabaseSync(join(home, "node.db"));
  tampering.exec("update audit_entries set actor = 'somebody else' where position = 2");
  tampering.close();
  const broken = await tributary("audit", "verify");

  expect(JSON.parse(listed.printed)).toMatchObject({
    entries: [
      { operation: "local-write", versionBefore: 1, versionAfter: 2 },
      { operation: "local-write", versionBefore: null, versionAfter: 1 },
    ],
    next: null,
  });
  expect(table.printed).toMatch(/^AT .*\n.*local-write +Observation\/o1 +1 > 2/);
  expect(table.noted).toContain("--after");
  expect(told.printed).toContain("2 versions");
  expect(told.printed).toContain('{"value":70.0,"unit":"kg"} > {"value":70.00,"unit":"kg"}');
  expect(intact.code).toBe(0);
  expect(JSON.parse(intact.printed)).toEqual({
    own: { kind: "intact", entries: expect.any(Number) },
    others: [],
    isSound: true,
  });
  const [head, first, ...more] = csv.printed.split("\n");
  expect(head).toMatch(/^node,position,at,actor,operation,reference/);
  expect(first).toMatch(/^centre,\d+,[^,]+Z,centre,local-write,Observation\/o1,,1,/);
  expect(more).toHaveLength(1);
  expect(JSON.parse(ndjson.printed.split("\n").at(-1)!)).toMatchObject({
    reference: "Observation/o1",
    versionAfter: 2,
  });
  expect(await tributary("audit", "export", "--format", "xml")).toMatchObject({ code: 2 });
  expect(await tributary("audit", "acknowledge", "nobody", "--reason", "none")).toMatchObject({ code: 1 });
  expect(broken).toMatchObject({ code: 1, noted: expect.stringContaining("place 2") });
  expect(await tributary("timeline", "Patient/nobody")).toMatchObject({ code: 1 });
  expect(await tributary("timeline", "nobody")).toMatchObject({ code: 2 });
  expect(await tributary("audit", "list", "--since", "yesterday")).toMatchObject({ code: 2 });
});
