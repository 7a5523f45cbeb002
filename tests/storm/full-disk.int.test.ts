import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holdingsOf, livingOf } from "../convergence/holdings.ts";
import { freePort } from "../program/free-port.ts";
import { pause } from "../program/pause.ts";
import { ServedNode } from "../program/served-node.ts";
import { runToEnd, tributary } from "../program/tributary.ts";
import type { Site } from "../topology/tree.ts";
import { type FillableDisk, fullDisks } from "./full-disks.ts";

/** With some kilobytes a record, and the log of their transactions, the room that is left is used up long before. */
const writesMax = 2_000;

type Place = Pick<FillableDisk, "folder" | "database" | "environment">;

/** A child on a disk that can become full and its parent, both serving. */
async function makePair(disk: Place, stack: AsyncDisposableStack): Promise<{ parent: Site; child: Site }> {
  const make = async (role: "parent" | "child", name: string, place: Place): Promise<Site> => {
    const { folder, database, environment } = place;
    const port = await freePort();
    const words = ["--dir", folder, "--id", name, "--port", String(port)];
    await tributary("init", role, ...words, ...(database ? ["--database", database] : []));
    const token = await tributary("token", "create", "tests", "--dir", folder);
    const told = { TRIBUTARY_PULL_EVERY_SECONDS: "0.3", ...environment };
    return { name, token, node: stack.use(new ServedNode(folder, port, told)) };
  };
  const home = await mkdtemp(join(tmpdir(), "tributary-roomy-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const parent = await make("parent", "centre", { folder: join(home, "centre"), environment: {} });
  const child = await make("child", "clinic", disk);
  await parent.node.start();
  const code = await tributary("enrol", "--dir", parent.node.folder, "--new", "clinic");
  await tributary("enrol", "--dir", child.node.folder, "--parent", parent.node.url, "--code", code);
  await child.node.start();
  return { parent, child };
}

async function save({ node, token }: Site, id: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`${node.url}/fhir/Patient/${id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/fhir+json" },
    body: JSON.stringify({ resourceType: "Patient", id, name: [{ family: `${id} ${"x".repeat(1_500)}` }] }),
  });
  return { status: answer.status, text: await answer.text() };
}

async function idsAt(site: Site): Promise<string[]> {
  return [...livingOf(await holdingsOf(site)).keys()].map((name) => name.replace("Patient/", "")).sort();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const givenUpAt = Date.now() + 100_000; !(await holds()); await pause(200)) {
    if (Date.now() > givenUpAt) throw new Error("It did not come to that.");
  }
}

describe.each(Object.entries(fullDisks))("a child whose disk is full: %s", (_, openDisk) => {
  it("[S6] refuses writes with a reason, loses nothing that it acknowledged, and goes on by itself once there is room", async () => {
    await using stack = new AsyncDisposableStack();
    const disk = stack.use(await openDisk());
    const { parent, child } = await makePair(disk, stack);
    await save(parent, "first");
    await until(async () => (await idsAt(child)).includes("first"));

    await disk.fill();
    const acknowledged: string[] = [];
    let refused: Awaited<ReturnType<typeof save>> | undefined;
    for (let n = 0; n < writesMax && !refused; n++) {
      const answer = await save(child, `own-${n}`);
      if (answer.status < 300) acknowledged.push(`own-${n}`);
      else refused = answer;
    }
    // What comes from the parent meets the same disk; the child waits and reads on.
    for (let n = 0; n < 40; n++) expect((await save(parent, `above-${n}`)).status).toBe(201);
    await pause(2_000);
    const whileFull = await fetch(`${child.node.url}/fhir/Patient/first`, {
      headers: { authorization: `Bearer ${child.token}` },
    });
    const health = await fetch(`${child.node.url}/health`);

    expect(refused?.status).toBe(507);
    expect(refused?.text).toContain("DATABASE_FULL");
    expect(acknowledged.length).toBeGreaterThan(5);
    expect([whileFull.status, health.status]).toEqual([200, expect.any(Number)]);

    await disk.makeRoom();
    const above = ["first", ...Array.from({ length: 40 }, (_, n) => `above-${n}`)];
    const expected = [...acknowledged, ...above].sort();
    await until(async () => {
      const [at, below] = await Promise.all([idsAt(parent), idsAt(child)]);
      return at.length >= expected.length && below.length >= expected.length;
    });
    expect((await save(child, "after")).status).toBe(201);
    for (const { node } of [child, parent]) await node[Symbol.asyncDispose]();

    // A write that was refused may not be there, at either end.
    expect(await idsAt(child)).toEqual([...expected, "after"].sort());
    expect((await idsAt(parent)).filter((id) => id !== "after")).toEqual(expected);
    expect((await runToEnd("audit", "verify", "--dir", child.node.folder)).code).toBe(0);
  }, 300_000);
});
