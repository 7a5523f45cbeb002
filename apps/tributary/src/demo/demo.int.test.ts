import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { generateBundles } from "./generator/generate-bundles.ts";

const program = fileURLToPath(new URL("../../bin/tributary.js", import.meta.url));

/** A round takes half a minute on a machine that has nothing else to do. */
const withinMs = 400_000;

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "tributary-demo-test-"));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

/** The demonstration's own temporary folders are made in `temporary`, so that what it leaves behind can be seen. */
function startDemo(...words: string[]) {
  const child = spawn(process.execPath, [program, "demo", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary },
  });
  let [printed, noted] = ["", ""];
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  child.stderr.on("data", (chunk) => {
    noted += chunk;
  });
  const ended = new Promise<{ code: number | null; printed: string; noted: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, printed, noted })),
  );
  return { child, ended, said: () => noted };
}

it.each([
  ["SQLite", []],
  ["PostgreSQL", ["--postgres"]],
])(
  "converges in one round, after edits apart, a move and a new clinic with a parent on %s, prints one JSON object, and leaves nothing behind",
  async (name, words) => {
    const { code, printed, noted } = await startDemo("--once", "--json", "--patients", "4", ...words).ended;

    expect(noted).toBe("");
    const clinics = ["north-clinic", "south-clinic", "east-clinic"];
    expect(JSON.parse(printed)).toEqual({
      converged: true,
      database: name === "SQLite" ? "sqlite" : "postgres",
      records: expect.any(Number),
      children: clinics.map((child) => ({
        name: child,
        records: expect.any(Number),
        missing: 0,
        different: 0,
        extra: 0,
        requests: expect.any(Number),
        bytesDown: expect.any(Number),
      })),
      catchments: clinics.map((clinic, at) => ({
        clinic,
        catchment: ["north", "south", "east"][at],
        patients: expect.any(Number),
        foreign: 0,
      })),
      loadSeconds: expect.any(Number),
      seconds: expect.any(Number),
      editsApart: { made: 15, found: 15, lost: [] },
      merges: 5,
      openConflicts: 3,
      meetSeconds: expect.any(Number),
      moved: {
        patient: expect.stringMatching(/^Patient\//),
        from: "north-clinic",
        to: "south-clinic",
        records: JSON.parse(printed).moved.there,
        there: expect.any(Number),
        left: 0,
        lateNote: true,
      },
      began: {
        clinic: "east-clinic",
        from: "snapshot",
        records: JSON.parse(printed).children[2].records,
        seconds: expect.any(Number),
      },
      troubles: {
        failed: [
          {
            node: "north-clinic",
            failure: expect.stringMatching(/^push:\d+$/),
            class: "dependency",
            record: expect.stringMatching(/^Observation\//),
            missing: "Patient/not-registered-yet",
          },
        ],
        silent: expect.arrayContaining(["island-clinic"]),
      },
    });
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  },
  withinMs,
);

it(
  "loads the Bundles of a folder",
  async () => {
    const data = join(temporary, "data");

    mkdirSync(data);
    const bundles = [...generateBundles({ seed: 5, patients: 1 })];
    for (const [index, { text }] of bundles.entries()) writeFileSync(join(data, `${index}.json`), text);

    const { code, printed } = await startDemo("--once", "--json", "--data", data).ended;

    expect(JSON.parse(printed)).toMatchObject({
      converged: true,
      // Beside the loaded ones: three shared patients, a patient with an encounter of each of the three nodes, and a note.
      records: bundles.reduce((sum, { entries }) => sum + entries, 0) + 10,
    });
    expect(code).toBe(0);
  },
  withinMs,
);

it(
  "opens on a network worth looking at, to which it leads, and takes everything down when it is told to end",
  async () => {
    const { child, ended, said } = startDemo("--patients", "2");
    while (!said().includes("Ctrl-C ends it all")) {
      expect(child.exitCode).toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const password = /the password is (\S+)/.exec(said())?.[1] ?? "";
    const hospital = await signedIn(consoleOf("hospital", said()), password);
    const north = await signedIn(consoleOf("north-clinic", said()), password);

    const { counts, children } = await hospital("network");
    const [failures, conflicts] = [await north("failures"), await hospital("conflicts")];
    const { points } = await hospital("traffic?hours=24");
    child.kill("SIGINT");
    const { code, noted } = await ended;

    expect(counts).toMatchObject({ silent: expect.any(Number) });
    expect(children).toEqual(
      expect.arrayContaining([expect.objectContaining({ node: "island-clinic", state: "silent" })]),
    );
    expect(failures).toMatchObject({ total: 1, failures: [{ class: "dependency" }] });
    expect(conflicts["conflicts"]).toHaveLength(3);
    expect((points as { readonly requests: number }[]).filter(({ requests }) => requests > 0).length).toBeGreaterThan(
      90,
    );
    expect(code).toBe(0);
    expect(noted).toContain("everything has been taken down");
    expect(readdirSync(temporary)).toEqual([]);
  },
  withinMs,
);

/** Where the demonstration says that a node's console is. */
function consoleOf(node: string, said: string): string {
  return new RegExp(`${node} +(http://\\S+)/console`).exec(said)?.[1] ?? "";
}

/** Signs in as a browser would, and returns a way to ask the node's admin API. */
async function signedIn(url: string, password: string): Promise<(path: string) => Promise<Record<string, unknown>>> {
  const answer = await fetch(`${url}/admin/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "administrator", password }),
  });
  expect(answer.status).toBe(200);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return async (path) =>
    (await (await fetch(`${url}/admin/v1/${path}`, { headers: { cookie } })).json()) as Record<string, unknown>;
}

it("names a file that it cannot load, and takes everything down", async () => {
  const data = join(temporary, "data");

  mkdirSync(data);
  writeFileSync(join(data, "bad.json"), "{");

  const { code, noted } = await startDemo("--once", "--json", "--data", data).ended;

  expect(code).toBe(1);
  expect(noted).toContain("bad.json is no JSON");
  expect(readdirSync(temporary)).toEqual(["data"]);
});
