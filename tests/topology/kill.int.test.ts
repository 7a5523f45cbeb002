import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { makeNetwork, type Network } from "./network.ts";
import { pause, tributary } from "./program.ts";
import { bodiesOf, holdingsOf } from "./records-of.ts";

const records = 4_000;
const killsOfChild = 14;
const killsOfParent = 10;
const writers = 6;

const patient = (n: number) => ({
  resourceType: "Patient",
  id: `p${n}`,
  name: [{ family: `Family ${n}`, given: ["Ada"] }],
  extension: [{ url: "urn:example:weight", valueDecimal: 0 }],
});
/** Text, so that the digits of a decimal are part of the promise. */
const bodyOf = (n: number) => JSON.stringify(patient(n)).replace('"valueDecimal":0', '"valueDecimal":61.50');

async function stepsUntil(isDone: () => Promise<boolean>, withinMs: number): Promise<void> {
  const givenUpAt = Date.now() + withinMs;
  while (!(await isDone())) {
    if (Date.now() > givenUpAt) throw new Error("It did not come to an end.");
    await pause(200);
  }
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

describe.each(["sqlite", "postgres"] as const)("a network under kill -9 (%s)", (dialect) => {
  it(`[S7] a child killed ${killsOfChild} times during its pull ends with the parent's records, each taken in once`, async () => {
    await using network = await makeNetwork(dialect);
    const { parent, child } = network;
    const lines = Array.from({ length: records }, (_, n) => bodyOf(n));
    const file = join(parent.folder, "patients.ndjson");
    await writeFile(file, `${lines.join("\n")}\n`);
    await tributary("load", "--dir", parent.folder, file);
    await parent.start();
    const random = seededRandom(20_261_121);

    let killsAmidPull = 0;
    for (let kill = 0; kill < killsOfChild; kill++) {
      child.startUnwatched();
      await pause(350 + random.next() * 450);
      await child.kill();
      if (!(await isInStep(network))) killsAmidPull += 1;
    }
    await child.start();
    await stepsUntil(() => isInStep(network), 60_000);
    await child[Symbol.asyncDispose]();

    const [above, below] = [await holdingsOf(parent.folder), await holdingsOf(child.folder)];
    expect(killsAmidPull).toBeGreaterThan(0);
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
    isLoading = false;
    await load;
    await stepsUntil(() => isInStep(network), 60_000);
    await child[Symbol.asyncDispose]();
    await parent[Symbol.asyncDispose]();

    const [above, below] = [await holdingsOf(parent.folder), await holdingsOf(child.folder)];
    expect(acknowledged.length).toBeGreaterThan(200);
    expect(Object.keys(bodiesOf(above)).sort()).toEqual(acknowledged.map((n) => `Patient/p${n}`).sort());
    expect(Object.values(bodiesOf(above)).every((body) => body.includes("61.50"))).toBe(true);
    expect([...above.versions.values()].every((versions) => versions.length === 1)).toBe(true);
    expect([...above.announced].sort()).toEqual(acknowledged.map((n) => `Patient/p${n} 1`).sort());
    expect(bodiesOf(below)).toEqual(bodiesOf(above));
  });
});
