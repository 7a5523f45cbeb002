import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient, saving } from "@tributary/fhir/testing";
import { systemClock } from "@tributary/kernel";
import { describe, expect, it } from "vitest";
import { enrol, moveAll, openNodeForTests, openThreeTiers, synchronizerOf, untilQuiet } from "../../testing/index.ts";
import { parseVersionsHeader, type VersionRanges, whyApart, writeVersionsHeader } from "./version-ranges.ts";

const live = new AbortController().signal;
const ranges = (protocol: [number, number], schema: [number, number] = [1, 1]): VersionRanges => ({ protocol, schema });

describe("the versions that two programs understand", () => {
  it("[S156] overlap, or are told apart with both named", () => {
    expect(whyApart(ranges([1, 3]), ranges([3, 5]))).toBeUndefined();
    expect(whyApart(ranges([2, 3]), ranges([1, 1]))).toBe(
      "The parent understands protocol 2 to 3 and the child 1: bring the child up to date.",
    );
    expect(whyApart(ranges([1, 1]), ranges([1, 1], [2, 4]))).toBe(
      "The parent understands schema 1 and the child 2 to 4: bring the parent up to date.",
    );
    const told = ranges([1, 12], [3, 4]);
    expect(parseVersionsHeader(writeVersionsHeader(told))).toEqual(told);
    expect(parseVersionsHeader("anything")).toBeUndefined();
  });
});

describeOnEachDatabase("a child of another version", (open) => {
  async function openPair(versions: VersionRanges) {
    const databases: Database[] = [await open(), await open()];
    const parent = await openNodeForTests(databases[0]!, "centre", systemClock, () => ({ versions }));
    const child = await openNodeForTests(databases[1]!, "clinic");
    await enrol(child, parent);
    return {
      parent,
      child,
      async [Symbol.asyncDispose]() {
        for (const database of databases) await database.close();
      },
    };
  }

  it("[S156] is refused with both versions named, and goes on working by itself", async () => {
    await using pair = await openPair(ranges([7, 9]));
    await using synchronizer = synchronizerOf(pair.child, pair.parent.answer);

    const report = await synchronizer.pullOnce(live);
    await pair.child.save(aPatient("mine"));

    expect(report).toMatchObject({ status: "refused", error: { code: "UPGRADE_NEEDED" } });
    expect(report.error?.message).toContain("protocol 7 to 9 and the child 1");
    expect(Object.keys(await pair.child.bodies())).toEqual(["Patient/mine"]);
  });

  it("[S157] takes in types and elements that it does not know, to the byte", async () => {
    await using pair = await openPair(ranges([1, 4]));
    const { parent, child } = pair;
    const body =
      '{"resourceType":"FutureThing","id":"f",  "amount":1.00, "nested":{"unheardOf":[null,{"x":"\\u00e9"}]}}';
    const future = { ...saving({ resourceType: "FutureThing", id: "f" }), body };
    const odd = '{"resourceType":"Patient","id":"p","active":true,"futureElement":{"deep":[1.10]}}';
    await parent.database.transaction((tx) =>
      parent.store.write(tx, [future, { ...saving(aPatient("p")), body: odd }]),
    );
    await moveAll(parent.database);
    await using synchronizer = synchronizerOf(child, parent.answer);

    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "complete", applied: 2 });
    expect(await child.bodies()).toEqual({ "FutureThing/f": body, "Patient/p": odd });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S157] hands on through a hub what no node on the way knows, to the byte", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, south } = tiers;
    const thing =
      '{"resourceType":"FutureThing","id":"f", "amount":1.00,"nested":{"unheardOf":[null,{"x":"\\u00e9"}]}}';
    const odd = '{"resourceType":"Patient","id":"p","active":true,"futureElement":{"deep":[1.10]}}';
    await root.database.transaction((tx) =>
      root.store.write(tx, [
        { ...saving({ resourceType: "FutureThing", id: "f" }), body: thing },
        { ...saving(aPatient("p")), body: odd },
      ]),
    );
    await moveAll(root.database);
    await untilQuiet(tiers);
    await north.save({
      resourceType: "Observation",
      id: "o",
      status: "final",
      code: { text: "seen" },
      subject: { reference: "Patient/p" },
    });

    await untilQuiet(tiers);

    for (const node of [root, hub, north, south]) {
      const bodies = await node.bodies();
      expect(Object.keys(bodies), node.id).toEqual(["FutureThing/f", "Observation/o", "Patient/p"]);
      expect(bodies, node.id).toMatchObject({ "FutureThing/f": thing, "Patient/p": odd });
    }
  });
});
