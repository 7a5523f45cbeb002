import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { aNoteOn, openThreeTiers, untilQuiet } from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";
import { noteUnborn } from "./unborn-records.ts";

describeOnEachDatabase("a record that was deleted before any parent saw it, and revived", (open) => {
  it("[S51] is not told to be deleted any more beside what refers to it, at any tier", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, north } = tiers;
    await north.save(aPatient("p"), aNoteOn("p", "before"));
    await north.remove("Patient", "p");
    await untilQuiet(tiers);
    const atFirst = Object.keys(await root.bodies());

    await north.save(aPatient("p"));
    await untilQuiet(tiers);
    await north.save(aNoteOn("p", "after"));
    await untilQuiet(tiers);

    expect(atFirst).toEqual(["Observation/before"]);
    expect(Object.keys(await root.bodies())).toEqual(["Observation/after", "Observation/before", "Patient/p"]);
    expect(await listOpenConflicts(root.database, 10)).toEqual([]);
    expect(await north.bodies()).toEqual(await root.bodies());
  });

  it("[S51] is told on by a hub beside what refers to it, where nobody knows more than that it was deleted", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await north.database.transaction((tx) => noteUnborn(tx, [{ type: "Patient", id: "p" }], "north"));
    await north.save(aNoteOn("p", "note"));

    await untilQuiet(tiers);

    for (const node of [hub, root]) expect(Object.keys(await node.bodies())).toEqual(["Observation/note"]);
  });
});
