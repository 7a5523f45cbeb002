import { seededRandom } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { type FaultProxy, openFaultProxy } from "../faults/fault-proxy.ts";
import { flap, flapping } from "../faults/flapping.ts";
import { lineProfiles, oneWayOf } from "../faults/line-conditions.ts";
import { pause } from "../program/pause.ts";
import { makeTree, type Site } from "../topology/tree.ts";

/**
 * The lines of the field as they are; the one that comes and goes does so five times as often as a real mast, and is there
 * two thirds of the time instead of one: a child waits longer after each failure, up to a quarter of an hour.
 */
const flapScale = 1 / 5;
/** A small change is some 2 KB with its signature and takes a handful of round trips; a child waits longer after each cut. */
const acrossWithinMs = 400_000;

async function save({ node, token }: Site, id: string): Promise<void> {
  const answer = await fetch(`${node.url}/fhir/Patient/${id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/fhir+json" },
    body: JSON.stringify({ resourceType: "Patient", id, name: [{ family: "Diallo", given: ["Amina"] }] }),
  });
  expect(answer.status).toBe(201);
}

async function isAt({ node, token }: Site, id: string): Promise<boolean> {
  const answer = await fetch(`${node.url}/fhir/Patient/${id}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.ok;
}

/** Saves a patient at one site and tells after how many milliseconds it was at the other. */
async function across(from: Site, to: Site, id: string): Promise<number> {
  const startedAt = Date.now();
  await save(from, id);
  while (!(await isAt(to, id))) {
    if (Date.now() - startedAt > acrossWithinMs) throw new Error(`${id} has not come to ${to.name}.`);
    await pause(20);
  }
  return Date.now() - startedAt;
}

describe("a small change gets across both ways", () => {
  it("[S55] on every line of the field: 2G, VSAT, 3G, and one that comes and goes", async () => {
    let line: FaultProxy | undefined;
    await using tree = await makeTree("sqlite", ["clinic"], async (port, _child, stack) => {
      line = stack.use(await openFaultProxy(port, seededRandom(5)));
      return line.url;
    });
    if (!line) throw new Error("There is no line.");
    const { parent, children } = tree;
    const clinic = children[0]!;
    await parent.node.start();
    await clinic.node.start();
    const measured: string[] = [];
    const measure = async (name: string, proxy: FaultProxy) => {
      const before = { ...proxy.counts };
      const upMs = await across(clinic, parent, `${name}-up`);
      const downMs = await across(parent, clinic, `${name}-down`);
      const bytes = proxy.counts.bytesUp + proxy.counts.bytesDown - before.bytesUp - before.bytesDown;
      measured.push(`${name}: up ${upMs} ms, down ${downMs} ms, ${bytes} bytes with all polls`);
    };

    for (const [name, profile] of Object.entries(lineProfiles)) {
      line.shape(oneWayOf(profile));
      await measure(name, line);
    }
    line.shape(oneWayOf(lineProfiles["3G"]));
    {
      const times = { upMs: flapping.downMs * flapScale, downMs: flapping.upMs * flapScale };
      using flaps = flap(line, times, seededRandom(9));
      while (flaps.drops === 0) await pause(20);
      await measure("flapping", line);
      expect(line.counts.refused).toBeGreaterThan(0);
    }

    console.log(measured.join("\n"));
    expect(measured).toHaveLength(4);
  }, 1_000_000);
});
