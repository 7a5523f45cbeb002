import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@tributary/fhir";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

const silent: Terminal = {
  environment: {},
  isWatched: false,
  print() {},
  async stream() {},
  note() {},
  redraw() {},
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-by-stick-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function save(folder: string, ...resources: (JsonObject & { resourceType: string; id: string })[]) {
  await using node = await openNodeAt(folder, silent);
  await node.database.transaction((tx) =>
    node.store.write(
      tx,
      resources.map((resource) => ({
        kind: "save" as const,
        key: { type: resource.resourceType, id: resource.id },
        body: JSON.stringify(resource),
        resource,
      })),
    ),
  );
}

async function patientsAt(folder: string): Promise<string[]> {
  await using node = await openNodeAt(folder, silent);
  const newestFirst = await node.store.history(node.database, { since: 0, limit: 100 });
  const current = new Map<string, string>();
  for (const { stored } of [...newestFirst].reverse()) {
    if (stored.body === undefined) current.delete(stored.key.id);
    else current.set(stored.key.id, stored.body);
  }
  return [...current.values()].sort();
}

const family = (id: string, name: string) => ({
  resourceType: "Patient",
  id,
  name: [{ use: "official", family: name }],
});

it("[S160] [S164] [S169] carries a clinic's whole life on a stick: parent, child, parent, child", async () => {
  const [centre, clinic, stick] = [join(home, "centre"), join(home, "clinic"), join(home, "stick")];
  mkdirSync(stick);
  await tributary("init", "parent", "--dir", centre, "--id", "centre");
  await tributary("init", "child", "--dir", clinic, "--id", "clinic");
  const { printed } = await tributary("enrol", "--dir", centre, "--new", "clinic");
  const code = printed.split(/\s/).at(-1) ?? "";
  const there = (...words: string[]) => tributary(...words, "--dir", centre);
  const here = (...words: string[]) => tributary(...words, "--dir", clinic);
  await here("enrol-by-hand", "request", "--code", code, "--to", stick);
  await there("enrol-by-hand", "accept", join(stick, "enrolment-of-clinic.json"));
  const enrolled = await here("enrol-by-hand", "finish", join(stick, "enrolment-answer.json"), "--code", code);
  await save(centre, family("a", "Otieno"), family("b", "Kamau"));

  const written = await there("snapshot", "export", "--for", "clinic", "--to", stick);
  const snapshot = join(stick, "snapshot-for-clinic.tributary");
  const elsewhere = await there("snapshot", "import", snapshot);
  const begun = await here("snapshot", "import", snapshot, "--json");
  const again = await here("snapshot", "import", snapshot);
  await save(centre, family("a", "Odhiambo"), family("c", "Wanjiru"));
  await save(clinic, family("a", "Ouma"));
  await save(clinic, family("d", "Achieng"));
  const said = await here("bundle", "export", "--to", stick);
  const bundle = join(stick, "bundle-from-clinic.tributary");
  cpSync(bundle, join(stick, "old"));
  const played = await there("bundle", "import", bundle);
  const answer = join(stick, "answer-for-clinic.tributary");
  const damaged = join(stick, "damaged");
  const bytes = readFileSync(answer);
  writeFileSync(damaged, bytes.with(bytes.byteLength >> 1, bytes[bytes.byteLength >> 1]! ^ 1));
  const refused = await here("bundle", "import", damaged);
  const taken = await here("bundle", "import", answer, "--json");
  await here("bundle", "export", "--to", stick, "--json");
  const second = await there("bundle", "import", bundle, "--json");
  const old = await there("bundle", "import", join(stick, "old"), "--answer", join(stick, "to-the-old"));
  const finished = await here("bundle", "import", answer);
  const conflicts = await here("conflicts", "list", "--json");
  const trail = await there("audit", "verify");

  expect(enrolled.code, enrolled.noted).toBe(0);
  expect(written.noted).toMatch(
    /holds 2 records of the catchment everything.*At clinic run:\n +tributary snapshot import/s,
  );
  expect(elsewhere).toMatchObject({ code: 2, noted: expect.stringContaining("is a parent") });
  expect(begun.code, begun.noted).toBe(0);
  expect(JSON.parse(begun.printed)).toMatchObject({ parent: "centre", records: 2 });
  expect(again).toMatchObject({
    code: 1,
    noted: expect.stringMatching(/holds all that is in it.*CARRIED_FILE_REFUSED/s),
  });
  expect(said.printed).toMatch(/units +2\nrecords +2\n/);
  expect(played.printed).toMatch(/verdict +units\ntaken +2/);
  expect(refused).toMatchObject({ code: 1, noted: expect.stringMatching(/damaged or altered.*CARRIED_FILE_REFUSED/s) });
  expect(taken.code, taken.noted).toBe(0);
  expect(JSON.parse(taken.printed)).toMatchObject({
    outcome: "taken",
    pushed: { conflicts: 1 },
    pulled: { status: "complete" },
  });
  expect(JSON.parse(second.printed)).toMatchObject({ outcome: "taken", verdicts: {} });
  expect(old).toMatchObject({ code: 1, noted: expect.stringContaining("Nothing was taken") });
  expect(finished).toMatchObject({ code: 0, noted: expect.stringContaining("0 records were taken in") });
  expect(await patientsAt(clinic)).toEqual(await patientsAt(centre));
  expect(await patientsAt(centre)).toHaveLength(4);
  expect(JSON.parse(conflicts.printed)).toMatchObject({ conflicts: [{ type: "Patient", id: "a" }] });
  expect(trail.code, trail.printed).toBe(0);
  expect(readdirSync(stick).filter((name) => name.endsWith(".part"))).toEqual([]);
  for (const name of readdirSync(stick)) expect(readFileSync(join(stick, name)).includes("Otieno"), name).toBe(false);
});
