import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { countRecords } from "@tributary/fhir";
import { seededRandom } from "@tributary/kernel";
import { openNodeDatabase, readConfig } from "@tributary/runtime";
import { describe, expect, it } from "vitest";
import { pause } from "../program/pause.ts";
import type { ServedNode } from "../program/served-node.ts";
import { tributary } from "../program/tributary.ts";
import { makeNetwork, type Network } from "./network.ts";
import { bodiesOf, holdingsOf } from "./records-of.ts";

const records = 8_000;
const sent = 1_000;
const stepMs = 20;
const killsOfParent = 10;
const killsOfBoth = 10;
const writers = 6;
/** Writes that a load is to have at least, also on a machine with much else to do. */
const writesMin = 200;
const healsWithinMs = 120_000;

const patient = (n: number) => ({
  resourceType: "Patient",
  id: `p${n}`,
  name: [{ family: `Family ${n}`, given: ["Ada"] }],
  extension: [{ url: "urn:example:weight", valueDecimal: 0 }],
});
/** Text, so that the digits of a decimal are part of the promise. */
const bodyOf = (n: number) => JSON.stringify(patient(n)).replace('"valueDecimal":0', '"valueDecimal":61.50');

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

async function loadPatients(node: ServedNode, which: readonly number[]): Promise<void> {
  const file = join(node.folder, "patients.ndjson");
  await writeFile(file, `${which.map(bodyOf).join("\n")}\n`);
  await tributary("load", "--dir", node.folder, file);
}

async function stepsUntil(isDone: () => Promise<boolean>, withinMs: number): Promise<void> {
  const givenUpAt = Date.now() + withinMs;
  while (!(await isDone())) {
    if (Date.now() > givenUpAt) throw new Error("It did not come to an end.");
    await pause(stepMs);
  }
}

/** Waits until a node holds more records than it did, and tells how many. */
async function moreThan(held: number, node: ServedNode): Promise<number> {
  await using database = await openNodeDatabase(await readConfig(node.folder));
  let now = held;
  await stepsUntil(async () => {
    now = await countRecords(database);
    return now > held;
  }, healsWithinMs);
  return now;
}

/** Whether the child has read to the end that its parent announces. */
async function isInStep({ parent, child }: Network): Promise<boolean> {
  const [above, below] = await Promise.all([
    tributary("status", "--dir", parent.folder, "--json"),
    tributary("status", "--dir", child.folder, "--json"),
  ]);
  const { announced, queued } = JSON.parse(above) as { announced: number; queued: number };
  return queued === 0 && (JSON.parse(below) as { parent: { position: number } }).parent.position === announced;
}

/** Whether the child has also sent all that was made there, and read the echo of it. */
async function isWholeAtBoth(network: Network): Promise<boolean> {
  const status = JSON.parse(await tributary("status", "--dir", network.parent.folder, "--json")) as { records: number };
  return status.records === 2 * sent && (await isInStep(network));
}

describe.each(["sqlite", "postgres"] as const)("a network under kill -9 (%s)", (dialect) => {
  it("[S7] a child killed again and again amid its pull ends with the parent's records, each taken in once", async () => {
    await using network = await makeNetwork(dialect);
    const { parent, child } = network;
    await loadPatients(parent, numbers(0, records));
    await parent.start();
    const random = seededRandom(20_261_121);

    let kills = 0;
    for (let held = 0; held < records; kills++) {
      child.startUnwatched();
      // Killed as soon as it has made something durable, or a moment later: in the middle of what comes next.
      held = await moreThan(held, child);
      await pause(random.next() * 30);
      await child.kill();
    }
    await child.start();
    await stepsUntil(() => isInStep(network), healsWithinMs);
    await child[Symbol.asyncDispose]();

    const [above, below] = [await holdingsOf(parent.folder), await holdingsOf(child.folder)];
    expect(kills).toBeGreaterThan(1);
    expect(bodiesOf(below)).toEqual(bodiesOf(above));
    expect(Object.keys(bodiesOf(below))).toHaveLength(records);
    expect([...below.versions.values()].every((versions) => versions.length === 1)).toBe(true);
    expect(below.announced).toHaveLength(records);
    expect(below.auditChain).toBe("intact");
  });

  it(`[E1] a parent killed ${killsOfParent} times during a load loses nothing that it acknowledged and announces each change once`, async () => {
    await using network = await makeNetwork(dialect);
    const { parent, child, token } = network;
    const random = seededRandom(11);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/fhir+json" };
    let isLoading = true;
    let next = 0;
    const acknowledged: number[] = [];
    const write = async () => {
      while (isLoading) {
        const n = next++;
        // As a client does: the same request again until it is answered.
        for (let isAnswered = false; !isAnswered; ) {
          isAnswered = await fetch(`${parent.url}/fhir/Patient/p${n}`, {
            method: "PUT",
            headers,
            body: bodyOf(n),
          }).then(
            ({ status }) => status === 200 || status === 201,
            () => false,
          );
          if (!isAnswered) await pause(20);
        }
        acknowledged.push(n);
      }
    };
    await parent.start();
    await child.start();
    const load = Promise.all(Array.from({ length: writers }, write));

    for (let kill = 0; kill < killsOfParent; kill++) {
      await pause(200 + random.next() * 600);
      await parent.kill();
      await parent.start();
    }
    await stepsUntil(async () => acknowledged.length > writesMin, healsWithinMs);
    isLoading = false;
    await load;
    await stepsUntil(() => isInStep(network), healsWithinMs);
    await child[Symbol.asyncDispose]();
    await parent[Symbol.asyncDispose]();

    const [above, below] = [await holdingsOf(parent.folder), await holdingsOf(child.folder)];
    expect(acknowledged.length).toBeGreaterThan(writesMin);
    expect(Object.keys(bodiesOf(above)).sort()).toEqual(acknowledged.map((n) => `Patient/p${n}`).sort());
    expect(Object.values(bodiesOf(above)).every((body) => body.includes("61.50"))).toBe(true);
    expect([...above.versions.values()].every((versions) => versions.length === 1)).toBe(true);
    expect([...above.announced].sort()).toEqual(acknowledged.map((n) => `Patient/p${n} 1`).sort());
    expect(bodiesOf(below)).toEqual(bodiesOf(above));
  });

  it(`[S33] a parent and a child killed ${killsOfBoth} times while both send end alike, each change taken once`, async () => {
    await using network = await makeNetwork(dialect);
    const { parent, child } = network;
    const own = { centre: numbers(0, sent), clinic: numbers(sent, 2 * sent) };
    await loadPatients(parent, own.centre);
    await loadPatients(child, own.clinic);
    const random = seededRandom(33);
    await parent.start();

    for (let kill = 0; kill < killsOfBoth; kill++) {
      child.startUnwatched();
      await pause(300 + random.next() * 500);
      if (random.next() < 0.5) await child.kill();
      await parent.kill();
      await child.kill();
      await parent.start();
    }
    await child.start();
    await stepsUntil(() => isWholeAtBoth(network), healsWithinMs);
    await child[Symbol.asyncDispose]();
    await parent[Symbol.asyncDispose]();

    const [above, below] = [await holdingsOf(parent.folder), await holdingsOf(child.folder)];
    expect(Object.keys(bodiesOf(above))).toHaveLength(2 * sent);
    expect(bodiesOf(below)).toEqual(bodiesOf(above));
    for (const { versions, announced, auditChain } of [above, below]) {
      expect([...versions.values()].every((all) => all.length === 1)).toBe(true);
      expect(new Set(announced).size).toBe(announced.length);
      expect(announced).toHaveLength(2 * sent);
      expect(auditChain).toBe("intact");
    }
  });
});
