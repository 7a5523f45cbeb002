import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { seededRandom } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { freePort } from "../program/free-port.ts";
import { pause } from "../program/pause.ts";
import { ServedNode } from "../program/served-node.ts";
import { tributary } from "../program/tributary.ts";
import { bodiesOf, holdingsOf } from "./records-of.ts";

const stepMs = 100;
const withinMs = 120_000;
const hubKills = 3;
const everySeconds = "0.2";

interface Tier {
  readonly node: ServedNode;
  readonly token: string;
}

/** A root with a hub and a leaf under it, and a leaf under the hub; none is started. */
async function makeTiers(dialect: Dialect, stack: AsyncDisposableStack) {
  const home = await mkdtemp(join(tmpdir(), "tributary-tiers-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const make = async (role: "parent" | "hub" | "child", id: string): Promise<Tier> => {
    const [folder, port] = [join(home, id), await freePort()];
    // Both databases are parents at once: where the root is on one, the hub is on the other.
    const place =
      (role === "hub") === (dialect === "sqlite") ? stack.use(await makeTestDatabase("postgres")) : undefined;
    const database = place && role !== "child" ? ["--database", place.address] : [];
    await tributary("init", role, "--dir", folder, "--id", id, "--port", String(port), ...database);
    const token = await tributary("token", "create", "test", "--dir", folder);
    return { node: stack.use(new ServedNode(folder, port, { TRIBUTARY_PULL_EVERY_SECONDS: everySeconds })), token };
  };
  const [root, hub, leaf, east] = [
    await make("parent", "root"),
    await make("hub", "hub"),
    await make("child", "leaf"),
    await make("child", "east"),
  ];
  await enrolUnder(root, [hub, east]);
  await enrolUnder(hub, [leaf]);
  return { root, hub, leaf, east };
}

async function enrolUnder(parent: Tier, children: readonly Tier[]): Promise<void> {
  await parent.node.start();
  for (const { node } of children) {
    const id = node.folder.split("/").at(-1)!;
    const code = await tributary("enrol", "--dir", parent.node.folder, "--new", id);
    await tributary("enrol", "--dir", node.folder, "--parent", parent.node.url, "--code", code);
  }
}

async function put({ node, token }: Tier, id: string, members: object): Promise<void> {
  const answer = await fetch(`${node.url}/fhir/Patient/${id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/fhir+json" },
    body: JSON.stringify({ resourceType: "Patient", id, ...members }),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status} from ${node.url}`);
}

async function birthDateAt({ node, token }: Tier, id: string): Promise<unknown> {
  const answer = await fetch(`${node.url}/fhir/Patient/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return answer.ok ? ((await answer.json()) as { birthDate?: unknown }).birthDate : undefined;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const givenUpAt = Date.now() + withinMs;
  while (!(await isDone())) {
    if (Date.now() > givenUpAt) throw new Error("It did not come to an end.");
    await pause(stepMs);
  }
}

async function reachOf({ node }: Tier) {
  const status = JSON.parse(await tributary("status", "--dir", node.folder, "--json")) as {
    readonly parent: {
      readonly reach: {
        readonly made: number;
        readonly tiers: readonly { readonly node: string; readonly through: number }[];
      };
    };
  };
  return status.parent.reach;
}

describe.each(["sqlite", "postgres"] as const)("three tiers in processes of their own (root on %s)", (dialect) => {
  it("[S87] end alike, each change taken once, though the hub is killed again and again", async () => {
    await using stack = new AsyncDisposableStack();
    const { root, hub, leaf, east } = await makeTiers(dialect, stack);
    for (const { node } of [leaf, east]) await node.start();
    const random = seededRandom(87);
    let isWriting = true;
    const written: string[] = [];
    const write = async (tier: Tier, prefix: string) => {
      for (let n = 0; isWriting; n++) {
        await put(tier, `${prefix}-${n}`, { birthDate: "1980-01-01" });
        written.push(`Patient/${prefix}-${n}`);
        await pause(10);
      }
    };
    const writers = Promise.all([write(leaf, "leaf"), write(east, "east"), write(root, "root")]);

    for (let kill = 0; kill < hubKills; kill++) {
      await pause(200 + random.next() * 500);
      await hub.node.kill();
      await hub.node.start();
    }
    isWriting = false;
    await writers;
    await put(leaf, "leaf-0", { birthDate: "1981-01-01" });
    await until(async () => {
      const seen = await Promise.all([root, hub, leaf, east].map((tier) => birthDateAt(tier, "leaf-0")));
      return seen.every((date) => date === "1981-01-01");
    });
    // All that the leaf has made is at both tiers above, and it knows.
    await until(async () => {
      const { made, tiers } = await reachOf(leaf);
      return tiers.length === 2 && tiers.every(({ through }) => through === made);
    });
    await until(async () => {
      const counts = await Promise.all([root, hub, leaf, east].map(async ({ node }) => recordsOf(node)));
      return counts.every((count) => count === written.length);
    });
    const [place, line] = await Promise.all([
      tributary("status", "Patient/leaf-0", "--dir", leaf.node.folder),
      tributary("status", "--dir", leaf.node.folder),
    ]);
    for (const { node } of [leaf, east, hub, root]) await node[Symbol.asyncDispose]();

    const holdings = await Promise.all([root, hub, leaf, east].map(({ node }) => holdingsOf(node.folder)));
    const [above] = holdings;
    expect(place).toBe("Patient/leaf-0 is at version 2 here; hub: has it, root: has it");
    expect(line).toMatch(/^sent (\d+), at hub \1, at root \1$/m);
    expect(Object.keys(bodiesOf(above!))).toEqual(written.toSorted());
    for (const held of holdings) {
      expect(bodiesOf(held)).toEqual(bodiesOf(above!));
      expect(held.auditChain).toBe("intact");
      expect(new Set(held.announced).size).toBe(held.announced.length);
      // Who was cut off meanwhile takes both versions of the one that was edited for one.
      for (const [name, versions] of held.versions)
        expect(versions.length, name).toBeLessThanOrEqual(name === "Patient/leaf-0" ? 2 : 1);
    }
  });
});

async function recordsOf({ folder }: ServedNode): Promise<number> {
  return (JSON.parse(await tributary("status", "--dir", folder, "--json")) as { readonly records: number }).records;
}
