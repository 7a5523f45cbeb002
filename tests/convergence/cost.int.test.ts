import { seededRandom } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { type FaultProxy, openFaultProxy } from "../faults/fault-proxy.ts";
import { runToEnd } from "../program/tributary.ts";
import { makeTree, type Site } from "../topology/tree.ts";
import { FhirDoor } from "./fhir-door.ts";

const changes = 500;
/** What 30 kbit/s carry in 30 s. */
const bytesMax = 112_500;
const requestsMax = 10;
const idleBytesMax = 1_024;

/** As a form writes it, with a value that does not compress. */
function observations(reading: number): readonly { readonly reference: string; readonly body: unknown }[] {
  const random = seededRandom(reading);
  return Array.from({ length: changes }, (_, n) => {
    const id = `o-${n}-${Buffer.from(seededRandom(n).bytes(12)).toString("hex")}`;
    const code = { coding: [{ system: "http://loinc.org", code: "8310-5", display: "Body temperature" }] };
    const effectiveDateTime = `2026-11-1${reading}T08:${10 + (n % 50)}:00+03:00`;
    const valueQuantity = {
      value: Math.round(random.next() * 1e4) / 100,
      unit: "Cel",
      system: "http://unitsofmeasure.org",
      code: "Cel",
    };
    return {
      reference: `Observation/${id}`,
      body: { resourceType: "Observation", id, status: "final", code, effectiveDateTime, valueQuantity },
    };
  });
}

/** One round of the command line, and what of it went over the line. */
async function cost(way: "push" | "pull", { node }: Site, line: FaultProxy) {
  const before = line.counts.bytesUp + line.counts.bytesDown;
  const { code, output } = await runToEnd(way, "--dir", node.folder);
  expect([way, code, output]).toEqual([way, 0, expect.stringContaining("Complete")]);
  const requests = Number(/(\d+) requests?/.exec(output)?.[1]);
  return { requests, bytes: line.counts.bytesUp + line.counts.bytesDown - before };
}

/** Saves each in a transaction of its own, as users do. */
async function saveAll(site: Site, reading: number): Promise<void> {
  const door = new FhirDoor(site);
  for (const one of observations(reading)) {
    const { tag } = reading === 0 ? { tag: undefined } : await door.read(one.reference);
    expect(await door.save(one.reference, one.body, tag)).toBe("done");
  }
}

describe("the cost of a line", () => {
  it(`[S94] of ${changes} changes each way keeps to ${requestsMax} requests and ${bytesMax} bytes, of nothing to do to one and ${idleBytesMax}`, async () => {
    const lines: FaultProxy[] = [];
    await using tree = await makeTree("sqlite", ["clinic"], async (parentPort, _child, stack) => {
      const line = stack.use(await openFaultProxy(parentPort, seededRandom(1)));
      lines.push(line);
      return line.url;
    });
    const [clinic, line] = [tree.children[0]!, lines[0]!];
    await tree.parent.node.start();
    await saveAll(tree.parent, 0);
    await cost("pull", clinic, line);
    // The child's own process would synchronize by itself; it is cut off while its users work.
    line.drop();
    await clinic.node.start();
    await saveAll(clinic, 1);
    await clinic.node[Symbol.asyncDispose]();
    line.raise();

    const pushed = await cost("push", clinic, line);
    const echoed = await cost("pull", clinic, line);
    await saveAll(tree.parent, 2);
    const pulled = await cost("pull", clinic, line);
    // The next push also tells the parent what the child's audit trail says of the pull.
    const told = [await cost("push", clinic, line), await cost("pull", clinic, line)];
    const idle = [await cost("push", clinic, line), await cost("pull", clinic, line)];

    for (const one of [pushed, echoed, pulled]) {
      expect(one.requests).toBeLessThanOrEqual(requestsMax);
      expect(one.bytes).toBeLessThanOrEqual(bytesMax);
    }
    expect(told.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(bytesMax);
    expect(idle.map(({ requests }) => requests)).toEqual([0, 1]);
    expect(idle.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(idleBytesMax);
  });
});
