import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { counting, dripping, openPair, synchronizerOf } from "../../testing/index.ts";
import { streamPageEntries } from "../line/protocol.ts";
import { parseSelection } from "../manual/selection.ts";
import { makeFailedPullDue, noteFailedPull } from "./failed-pulls.ts";

const live = new AbortController().signal;
const aVisit = (name: string) => {
  const subject = { reference: `Patient/${name}` };
  const encounter = { reference: `Encounter/${name}` };
  return [
    { resourceType: "Observation", id: name, status: "final", code: { text: "x" }, subject, encounter },
    { resourceType: "Encounter", id: name, status: "finished", class: { code: "AMB" }, subject },
    aPatient(name),
  ];
};

describeOnEachDatabase("a pull in small portions", (open) => {
  it("[S200] never has a part of what the parent changed in one transaction", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    const visits = Array.from({ length: 8 }, (_, n) => `visit-${n}`);
    // Whatever comes first: what refers to others is followed by them anyway, and a patient refers to nothing.
    for (const [n, name] of visits.entries()) await parent.save(...(n % 2 ? aVisit(name).reverse() : aVisit(name)));
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    for (const name of visits) {
      const counts = line.held.map((names) => names.filter((one) => one.endsWith(`/${name}`)).length);
      expect(counts.filter((count) => count !== 0 && count !== 3)).toEqual([]);
    }
    const whole = 3 * visits.length;
    expect(line.held.some(({ length }) => length > 0 && length < whole)).toBe(true);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S200] nor where the transaction lies across two pages", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...Array.from({ length: streamPageEntries - 1 }, (_, n) => aPatient(`p${n}`)));
    await parent.save(...aVisit("late"));
    const held: number[] = [];
    await using synchronizer = synchronizerOf(child, async (request, signal) => {
      held.push(Object.keys(await child.bodies()).filter((one) => one.endsWith("/late")).length);
      return parent.answer(request, signal);
    });

    await synchronizer.pullOnce(live);

    expect(held.filter((count) => count !== 0 && count !== 3)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S201] brings with a record what it refers to and was made after its first version", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("p"));
    await parent.save({ resourceType: "Organization", id: "region", name: "North" });
    await parent.save({
      resourceType: "Organization",
      id: "ward",
      name: "Ward",
      partOf: { reference: "Organization/region" },
    });
    await parent.save(aPatient("p", { managingOrganization: { reference: "Organization/ward" } }));
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    const withPatient = line.held.filter((names) => names.includes("Patient/p"));
    expect(withPatient.every(({ length }) => length === 3)).toBe(true);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S200] [S201] brings what a record refers to with all that was changed together with that", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("double"));
    for (let n = 0; n < 4; n++) await parent.save(aPatient(`between-${n}`));
    await parent.save(...aVisit("same"));
    await parent.save(aPatient("double", { link: [{ other: { reference: "Patient/same" }, type: "replaced-by" }] }));
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    const counts = line.held.map((names) => names.filter((one) => one.endsWith("/same")).length);
    expect(counts.filter((count) => count !== 0 && count !== 3)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S231] brings what failed before, and refers to something new by now, behind all that was changed with that", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("double"));
    await parent.save(...aVisit("same"));
    await parent.save(aPatient("double", { link: [{ other: { reference: "Patient/same" }, type: "replaced-by" }] }));
    const failure = { type: "Patient", id: "double", remoteVersion: 1, reason: "missing-at-parent" } as const;
    await child.database.transaction(async (tx) => {
      await noteFailedPull(tx, parent.id, failure, child.clock.now(), child.random);
      await makeFailedPullDue(tx, parent.id, failure, child.clock.now());
    });
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    const counts = line.held.map((names) => names.filter((one) => one.endsWith("/same")).length);
    expect(counts.filter((count) => count !== 0 && count !== 3)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S201] asks once for what the parent does not have either", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    for (let n = 0; n < 5; n++) {
      await parent.save(aPatient(`p${n}`, { managingOrganization: { reference: "Organization/nowhere" } }));
    }
    const line = counting(dripping(parent.answer, child));
    await using synchronizer = synchronizerOf(child, line);

    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "complete", applied: 5, failed: 0 });
    expect(line.paths.filter((path) => path === "read")).toHaveLength(6);
  });

  it("[S201] brings what a record refers to also when that record was chosen by hand", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...aVisit("chosen"), aPatient("other"));
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);
    const selection = parseSelection({ references: ["Observation/chosen"] });

    const report = await synchronizer.syncSelected({ selection, directions: ["pull"] }, "nurse", live);

    expect(report.results).toMatchObject([{ type: "Observation", id: "chosen", outcome: "applied" }]);
    expect(line.held.filter(({ length }) => length > 0 && length < 3)).toEqual([]);
    expect(Object.keys(await child.bodies())).toEqual(["Encounter/chosen", "Observation/chosen", "Patient/chosen"]);
  });

  it("[S201] brings it also when the type was held back until now", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    const taken = { specimen: { reference: "Specimen/taken" } };
    const about = { status: "final", code: { text: "x" } };
    await parent.save({ resourceType: "Observation", id: "held", ...about, ...taken });
    await parent.save({ resourceType: "Specimen", id: "taken" });
    await using without = synchronizerOf(child, parent.answer, {
      types: { pull: { exclude: ["Observation", "Specimen"] } },
    });
    await without.pullOnce(live);
    expect(await child.bodies()).toEqual({});
    const line = dripping(parent.answer, child);
    await using synchronizer = synchronizerOf(child, line);

    await synchronizer.pullOnce(live);

    expect(line.held.filter((names) => names.includes("Observation/held") && names.length < 2)).toEqual([]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
