import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { generateBundles } from "./generator/generate-bundles.ts";

const program = fileURLToPath(new URL("../../bin/tributary.js", import.meta.url));

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
    const clinics = ["child-1", "child-2", "child-3"];
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
        from: "child-1",
        to: "child-2",
        records: JSON.parse(printed).moved.there,
        there: expect.any(Number),
        left: 0,
        lateNote: true,
      },
      began: {
        clinic: "child-3",
        from: "snapshot",
        records: JSON.parse(printed).children[2].records,
        seconds: expect.any(Number),
      },
    });
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

it("loads the Bundles of a folder", async () => {
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
});

it("goes on making changes until it is told to end, and then takes everything down", async () => {
  const { child, ended, said } = startDemo("--patients", "2");
  while (!said().includes("Ctrl-C ends it all")) {
    expect(child.exitCode).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 1500));

  child.kill("SIGINT");
  const { code } = await ended;

  expect(code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

it("names a file that it cannot load, and takes everything down", async () => {
  const data = join(temporary, "data");

  mkdirSync(data);
  writeFileSync(join(data, "bad.json"), "{");

  const { code, noted } = await startDemo("--once", "--json", "--data", data).ended;

  expect(code).toBe(1);
  expect(noted).toContain("bad.json is no JSON");
  expect(readdirSync(temporary)).toEqual(["data"]);
});
