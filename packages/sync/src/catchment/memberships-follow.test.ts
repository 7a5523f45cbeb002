import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { saving } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { aPatientIn, livingIn, type NodeForTests, openNodeForTests, setCatchment } from "../../testing/index.ts";
import { membershipsOf } from "./members.ts";
import type { CatchmentRule } from "./rule/catchment-rule.ts";
import { builtInStrategies } from "./strategies/built-in-strategies.ts";

const to = (reference: string) => ({ reference });
const subject = to("Patient/p");
const at = (city: string, more: JsonObject = {}) => aPatientIn(city, "p", more);
const teamOf = (status: string) => ({
  resourceType: "CareTeam",
  id: "t",
  status,
  subject,
  participant: [{ member: to("Practitioner/n") }],
});
const groupOf = (inactive: boolean) => ({
  resourceType: "Group",
  id: "g",
  type: "person",
  actual: true,
  member: [{ entity: subject, inactive }],
});
const visitAt = (ward: string) => ({
  resourceType: "Encounter",
  id: "e",
  status: "finished",
  class: { code: "AMB" },
  subject,
  location: [{ location: to(`Location/${ward}`) }],
});

interface Journey {
  readonly rule: CatchmentRule;
  /** The write with which the patient comes in, and the one with which the patient leaves. */
  readonly enters: JsonObject;
  readonly leaves: JsonObject;
}

const journeys: Readonly<Record<string, Journey>> = {
  location: { rule: livingIn("Kisumu"), enters: at("Kisumu"), leaves: at("Nairobi") },
  "location, by where patients are seen": {
    rule: { location: { within: ["Location/north"], by: ["encounter"] } },
    enters: visitAt("north"),
    leaves: visitAt("south"),
  },
  cohort: { rule: { cohort: "Group/g" }, enters: groupOf(false), leaves: groupOf(true) },
  "care-team": { rule: { "care-team": "Practitioner/n" }, enters: teamOf("active"), leaves: teamOf("inactive") },
  identifier: {
    rule: { identifier: { system: "urn:id", value: "KE-*" } },
    enters: at("Nairobi", { identifier: [{ system: "urn:id", value: "KE-7" }] }),
    leaves: at("Nairobi", { identifier: [{ system: "urn:id", value: "UG-7" }] }),
  },
  search: {
    rule: { search: "gender=female" },
    enters: at("Nairobi", { gender: "female" }),
    leaves: at("Nairobi", { gender: "male" }),
  },
  "two rules, both of which must hold": {
    rule: { all: [livingIn("Kisumu"), { search: "gender=female" }] },
    enters: at("Kisumu", { gender: "female" }),
    leaves: at("Nairobi", { gender: "female" }),
  },
  "two rules, one of which must hold": {
    rule: { any: [livingIn("Kisumu"), { "care-team": "Practitioner/n" }] },
    enters: teamOf("active"),
    leaves: teamOf("inactive"),
  },
  "a rule that must not hold": { rule: { not: livingIn("Nairobi") }, enters: at("Kisumu"), leaves: at("Nairobi") },
};

/** Those by which no write of a record lets a patient out again. */
const forGood = ["everything", "list", "registered-at"];

describeOnEachDatabase("who is in a catchment", (open) => {
  const isIn = async ({ database }: NodeForTests) =>
    (await membershipsOf(database, ["p"])).some(({ catchment, state }) => catchment === "here" && state === "member");

  it.each(Object.keys(journeys))(
    "[S103] is decided by the write that is the reason, and not by one that is undone: %s",
    async (name) => {
      const { rule, enters, leaves } = journeys[name]!;
      await using database = await open();
      const node = await openNodeForTests(database, "centre");
      await node.save(at("Nairobi"), groupOf(true));
      await setCatchment(node, "here", rule);
      const before = await isIn(node);

      const undone = database.transaction(async (tx) => {
        await node.store.write(tx, [saving(enters as Parameters<typeof saving>[0])]);
        throw new Error("The disk is full.");
      });
      await expect(undone).rejects.toThrow("The disk is full.");
      const afterUndone = await isIn(node);
      await node.save(enters);
      const entered = await isIn(node);
      await node.save(leaves);

      expect([before, afterUndone, entered, await isIn(node)]).toEqual([false, false, true, false]);
    },
  );

  it("[S103] is not decided by places that were written and undone", async () => {
    await using database = await open();
    const node = await openNodeForTests(database, "centre");
    const place = (id: string, partOf: string) => ({ resourceType: "Location", id, partOf: to(`Location/${partOf}`) });
    await setCatchment(node, "here", { location: { within: ["Location/north"], by: ["encounter"] } });
    await node.save(at("Nairobi"));

    const undone = database.transaction(async (tx) => {
      await node.store.write(tx, [saving(place("ward", "north")), saving(visitAt("ward"))]);
      tx.beforeCommit(() => {
        throw new Error("The disk is full.");
      });
    });
    await expect(undone).rejects.toThrow("The disk is full.");
    await node.save(place("ward", "south"), visitAt("ward"));
    await node.save({ ...visitAt("ward"), id: "e2" });

    expect(await isIn(node)).toBe(false);
  });

  it("[S103] has such a write for every strategy by which one lets a patient out again", () => {
    const told = [...Object.keys(journeys).filter((name) => !name.includes(" ")), ...forGood];
    expect(told.toSorted()).toEqual(builtInStrategies.map(({ name }) => name).toSorted());
  });
});
