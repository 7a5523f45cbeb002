import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@tributary/kernel";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runToEnd as tributary } from "../../testing/run-to-end.ts";
import { untilServing } from "../../testing/until-serving.ts";
import { freePorts } from "../demo/free-port.ts";
import { startServing } from "../demo/program-process.ts";
import type { Terminal } from "../terminal.ts";
import { openNodeAt } from "./node-at.ts";

const silent: Terminal = { environment: {}, print() {}, async stream() {}, note() {}, isWatched: false, redraw() {} };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tributary-by-hand-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function save(folder: string, ...ids: string[]): Promise<void> {
  await using node = await openNodeAt(folder, silent);
  await node.database.transaction((tx) =>
    node.store.write(
      tx,
      ids.map((id) => {
        const resource = { resourceType: "Patient", id };
        return { kind: "save", key: { type: "Patient", id }, body: JSON.stringify(resource), resource };
      }),
    ),
  );
}

it("pauses, runs dry, previews and synchronizes chosen records beside a running node", async () => {
  const [centre, clinic] = [join(home, "centre"), join(home, "clinic")];
  const [port = 0, childPort = 0] = await freePorts(2);
  await tributary("init", "parent", "--dir", centre, "--id", "centre", "--port", String(port));
  await tributary("init", "child", "--dir", clinic, "--id", "clinic", "--port", String(childPort));
  const { printed: code } = await tributary("enrol", "--dir", centre, "--new", "clinic");
  await using _parent = startServing(centre, {}, () => {});
  const here = (...words: string[]) => tributary(...words, "--dir", clinic);
  const said = code.split(/\s/).at(-1) ?? "";
  await untilServing(port);
  const enrolled = await here("enrol", "--parent", `http://127.0.0.1:${port}`, "--code", said);
  expect(enrolled.code, enrolled.noted).toBe(0);
  const noReason = await here("pause");
  const paused = await here("pause", "--reason", "stock-taking", "--as", "nurse");
  await using _child = startServing(clinic, { TRIBUTARY_PULL_EVERY_SECONDS: "0.2" }, () => {});
  await save(clinic, "own", "other");
  await save(centre, "theirs");

  const status = await here("status");
  const refused = await here("push");
  const refusedRecord = await here("sync-record", "Patient/own");
  const dry = await here("push", "--dry-run", "--json");
  const preview = await here("sync-record", "Patient/theirs", "Patient/own", "--preview");
  const chosen = await here("sync-record", "Patient/own", "--direction", "push", "--even-if-paused", "--json");
  const badly = await here("sync-record", "Patient/own", "--patient", "1");
  const resumed = await here("resume", "--json");
  const both = await Promise.all([here("push"), here("pull"), here("sync-record", "--search", "Patient", "--json")]);
  for (let tries = 0; ; tries++) {
    const { parent } = JSON.parse((await here("status", "--json")).printed) as { parent: Record<string, number> };
    if (parent["unsent"] === 0 && parent["position"] === parent["head"] && (parent["head"] ?? 0) >= 3) break;
    if (tries === 400) throw new Error("the child did not come into step");
    await systemClock.sleep(100);
  }

  expect(noReason).toMatchObject({ code: 2, noted: expect.stringContaining("--reason") });
  expect(paused.noted).toMatch(/push paused by nurse since .*: stock-taking\npull paused by nurse/);
  expect(status.printed).toContain("pull paused by nurse since");
  expect(refused).toMatchObject({ code: 2, noted: expect.stringMatching(/paused by nurse.*SYNC_PAUSED/) });
  expect(refusedRecord.code).toBe(2);
  expect(JSON.parse(dry.printed)).toMatchObject({ records: 2, byType: { Patient: { records: 2 } } });
  expect(preview.printed).toMatch(/Patient\/theirs +created +unchanged/);
  expect(preview.printed).toMatch(/Patient\/own +unchanged +created/);
  // Both were written in one transaction, and travel in one unit.
  expect(chosen.code, chosen.noted).toBe(0);
  expect(JSON.parse(chosen.printed)).toMatchObject({ results: [{ type: "Patient", id: "own", outcome: "applied" }] });
  expect(badly).toMatchObject({ code: 2, noted: expect.stringContaining("in one way") });
  expect(resumed.printed).toBe('{"pauses":[]}');
  const [pushed, ...others] = both;
  expect(
    others.map(({ code }) => code),
    both.map(({ noted }) => noted).join(),
  ).toEqual([0, 0]);
  // What the third has put in the queue by the time that the first looks is waiting, and the first says so.
  if (pushed.code !== 0) expect(pushed).toMatchObject({ code: 1, noted: expect.stringContaining("units waiting") });
  const verified = await here("audit", "verify");
  expect(verified).toMatchObject({ code: 0 });
});
