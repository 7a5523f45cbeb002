import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { type JsonObject, parseLossless } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { type ConflictChoice, listOpenConflicts, resolveConflict } from "@tributary/sync";
import { moveAll, type NodeForTests, openThreeNodes, type ThreeNodes } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { recordAt, round } from "./rounds.ts";

/** A record on which parent and child disagree after both edited it. */
async function disagreeing(
  open: () => Promise<Database>,
  base: JsonObject,
  parents: JsonObject,
  childs: JsonObject,
): Promise<ThreeNodes> {
  const nodes = await openThreeNodes(open);
  const { parent, north } = nodes;
  await parent.save(aPatient("p", base));
  await round(north, parent);
  await parent.save(aPatient("p", parents));
  await north.save(aPatient("p", childs));
  await round(north, parent);
  return nodes;
}

async function decide(node: NodeForTests, choice: ConflictChoice, path = /./): Promise<string> {
  const conflict = (await listOpenConflicts(node.database, 10)).find(({ element }) => path.test(element.path));
  const { store, id: nodeId, clock, random } = node;
  const outcome = await node.database.transaction((tx) =>
    resolveConflict(
      tx,
      { store, nodeId, clock, random },
      { conflictId: conflict?.conflictId ?? "", choice, reason: "asked the mother", author: "ada" },
    ),
  );
  await moveAll(node.database);
  return outcome.kind;
}

const injected = `O'Neil "de" <script>alert(1)</script> & co`;

describeOnEachDatabase("a decided conflict", (open) => {
  it.each([
    ["a truth value", { active: true }, { active: false }],
    ["a number", { multipleBirthInteger: 2 }, { multipleBirthInteger: 3 }],
    ["a text with spaces and quotes", { birthDate: "1981-01-01" }, { birthDate: "1982-01-01", language: injected }],
  ])("[SYNC2-12] keeps the type of what was chosen: %s", async (_, parents, childs) => {
    await using nodes = await disagreeing(open, {}, parents, childs);

    expect(await decide(nodes.parent, { take: "child" })).toBe("resolved");
    await round(nodes.north, nodes.parent);

    expect(await recordAt(nodes.parent, "Patient/p")).toEqual(aPatient("p", childs));
    expect(await recordAt(nodes.north, "Patient/p")).toEqual(aPatient("p", childs));
  });

  it("[SYNC2-12] takes a typed value to the letter, whatever a page would make of it", async () => {
    const name = (family: string) => ({ name: [{ use: "official", family }] });
    await using nodes = await disagreeing(open, name("Base"), name("Of Parent"), name("Of Child"));

    const value = parseLossless(JSON.stringify(name(injected))) as JsonObject;
    expect(await decide(nodes.parent, { value })).toBe("resolved");
    await round(nodes.north, nodes.parent);

    expect(await recordAt(nodes.north, "Patient/p")).toMatchObject(name(injected));
  });

  it("[SYNC2-12] can take what only one of the two sides has", async () => {
    const official = { use: "official", family: "Abebe", given: ["Sara"] };
    await using nodes = await disagreeing(
      open,
      { deceasedBoolean: false },
      { name: [official] },
      { name: [official], deceasedBoolean: true },
    );

    expect(await decide(nodes.parent, { take: "child" })).toBe("resolved");

    expect(await recordAt(nodes.parent, "Patient/p")).toMatchObject({ deceasedBoolean: true });
  });

  it("[SYNC2-12] finds an item of a list by its key, not by its place", async () => {
    const home = (city: string) => ({ use: "home", city });
    const work = { use: "work", city: "Moshi" };
    await using nodes = await disagreeing(
      open,
      { address: [home("Arusha"), work] },
      { address: [work, home("Dodoma")] },
      { address: [home("Tanga"), work] },
    );

    expect(await decide(nodes.parent, { take: "child" })).toBe("resolved");
    await round(nodes.north, nodes.parent);

    const addresses = (await recordAt(nodes.north, "Patient/p"))?.["address"] as { use: string }[];
    expect(addresses.toSorted((a, b) => a.use.localeCompare(b.use))).toEqual([home("Tanga"), work]);
  });
});
