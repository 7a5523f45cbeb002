import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { listOpenConflicts } from "@tributary/sync";
import { openThreeNodes } from "@tributary/sync/testing";
import { describe, expect, it } from "vitest";
import { recordAt, round } from "./rounds.ts";
import { sync2Pair } from "./sync2-model.ts";

/** What Sync 2.0 had under names that its own parts did not agree on, or could not send. */
const oneOfEach = [
  { resourceType: "EpisodeOfCare", id: "programenrollment", status: "active", patient: { reference: "Patient/p" } },
  { resourceType: "CodeSystem", id: "concept", status: "active", content: "complete" },
  { resourceType: "Medication", id: "drug" },
  {
    resourceType: "ServiceRequest",
    id: "test-order",
    status: "active",
    intent: "order",
    subject: { reference: "Patient/p" },
  },
  {
    resourceType: "MedicationRequest",
    id: "drug-order",
    status: "active",
    intent: "order",
    medicationReference: { reference: "Medication/drug" },
    subject: { reference: "Patient/p" },
  },
  { resourceType: "Practitioner", id: "provider" },
  { resourceType: "RelatedPerson", id: "relationship", patient: { reference: "Patient/p" } },
  { resourceType: "AllergyIntolerance", id: "allergy", patient: { reference: "Patient/p" } },
  { resourceType: "Location", id: "location" },
  { resourceType: "Group", id: "cohort", type: "person", actual: true },
  { resourceType: "Questionnaire", id: "form", status: "active" },
  { resourceType: "PlanDefinition", id: "program", status: "active" },
];

const visit = (id: string) => ({
  resourceType: "Encounter",
  id,
  status: "finished",
  class: { code: "AMB" },
  type: [{ coding: [{ system: "urn:example:visit-types", code: "7" }] }],
  subject: { reference: "Patient/p" },
});

describe("Sync 2.0 takes two records for one", () => {
  it("when a patient and its person share an identifier: an edit at one side alone is a conflict", () => {
    const { parent, child } = sync2Pair();
    parent.save("patient", "same", "the patient");
    parent.save("person", "same", "the person");
    child.pull();
    parent.save("patient", "same", "the patient, edited at the parent alone");

    child.pull();

    expect(child.conflicts).not.toEqual([]);
  });
});

describeOnEachDatabase("a record's identity", (open) => {
  it("[SYNC2-4] is its type and its id: what has the id of another type is another record", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    await parent.save(aPatient("same", { gender: "female" }), { resourceType: "Person", id: "same", gender: "female" });
    await round(north, parent);
    await parent.save(aPatient("same", { gender: "other" }));
    await north.save({ resourceType: "Person", id: "same", gender: "male" });

    const { pushed, pulled } = await round(north, parent);

    expect(pushed).toMatchObject({ status: "complete", merged: 0, conflicts: 0 });
    expect(pulled.status).toBe("complete");
    expect(await listOpenConflicts(parent.database, 10)).toEqual([]);
    for (const node of [parent, north]) {
      expect(await recordAt(node, "Patient/same")).toMatchObject({ gender: "other" });
      expect(await recordAt(node, "Person/same")).toMatchObject({ gender: "male" });
    }
  });

  it("[SYNC2-9] is of a FHIR type, and every type goes both ways", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north, south } = nodes;
    await north.save(aPatient("p"), ...oneOfEach);

    await round(north, parent);
    await round(south, parent);

    expect(Object.keys(await parent.bodies())).toHaveLength(oneOfEach.length + 1);
    expect(await parent.bodies()).toEqual(await north.bodies());
    expect(await south.bodies()).toEqual(await north.bodies());
  });

  it("[SYNC2-10] is never a number of one database: nodes that count differently hold the same bytes", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north, south } = nodes;
    // What each node has of its own moves the numbers that its database gives.
    await north.save(...["1", "2", "3"].map((id) => aPatient(id)));
    await south.save(visit("7"), aPatient("p"));
    await round(north, parent);
    await round(south, parent);
    await north.save(visit("1"));
    for (const child of [north, south, north]) await round(child, parent);

    expect(await north.bodies()).toEqual(await parent.bodies());
    expect(await south.bodies()).toEqual(await parent.bodies());
    expect(await recordAt(south, "Encounter/1")).toMatchObject(visit("1"));
  });

  it("[SYNC2-11] covers what is nested in it: a part that was edited goes with its record and is merged by its key", async () => {
    await using nodes = await openThreeNodes(open);
    const { parent, north } = nodes;
    const name = { use: "official", family: "Abebe" };
    const home = { use: "home", city: "Arusha" };
    const work = { use: "work", city: "Moshi" };
    await parent.save(aPatient("p", { name: [name], address: [home, work] }));
    await round(north, parent);
    await north.save(aPatient("p", { name: [name], address: [{ ...home, city: "Dodoma" }, work] }));
    await parent.save(aPatient("p", { name: [{ ...name, family: "Bekele" }], address: [home, work] }));

    const { pushed } = await round(north, parent);

    expect(pushed).toMatchObject({ merged: 1, conflicts: 0 });
    for (const node of [parent, north]) {
      expect(await recordAt(node, "Patient/p")).toMatchObject({
        name: [{ family: "Bekele" }],
        address: [{ use: "home", city: "Dodoma" }, work],
      });
    }
  });
});
