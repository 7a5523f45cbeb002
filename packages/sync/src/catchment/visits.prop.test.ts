import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openNodeForTests, setCatchment } from "../../testing/index.ts";
import { membershipsOf } from "./members.ts";
import type { CatchmentRule } from "./rule/catchment-rule.ts";

const patients = ["p1", "p2", "p3"];
const within = (place: string, ...by: string[]) => ({ location: { within: [place], by } });
const rules: Readonly<Record<string, CatchmentRule>> = {
  north: within("Location/north", "encounter"),
  either: { any: [within("Location/south", "encounter", "enrolment"), { list: ["p1"] }] },
  apart: { all: [within("Location/north", "encounter"), { not: within("Location/south", "enrolment") }] },
  elsewhere: { not: within("Location/north", "encounter", "enrolment") },
};

/** Wards of north and south, and one that is nowhere. */
const aWard = fc.constantFrom("Location/n1", "Location/n2", "Location/s1", "Location/nowhere");
const aPatientId = fc.constantFrom(...patients);
const aVisit = fc.record({
  kind: fc.constantFrom("Encounter", "EpisodeOfCare"),
  id: fc.constantFrom("v1", "v2", "v3", "v4"),
  patient: aPatientId,
  ward: aWard,
});
const aStep = fc.oneof(
  { weight: 5, arbitrary: fc.array(aVisit, { minLength: 1, maxLength: 3 }).map((visits) => ({ visits })) },
  { weight: 1, arbitrary: aVisit.map(({ kind, id }) => ({ removed: { kind, id } })) },
  { weight: 1, arbitrary: aPatientId.map((edited) => ({ edited })) },
);

function resourceOf({
  kind,
  id,
  patient,
  ward,
}: {
  kind: string;
  id: string;
  patient: string;
  ward: string;
}): JsonObject {
  const reference = `Patient/${patient}`;
  if (kind === "EpisodeOfCare") {
    const managingOrganization = { reference: ward.replace("Location", "Organization") };
    return { resourceType: kind, id, status: "active", patient: { reference }, managingOrganization };
  }
  const location = [{ location: { reference: ward } }];
  return { resourceType: kind, id, status: "finished", class: { code: "AMB" }, subject: { reference }, location };
}

describeOnEachDatabase("memberships while patients are seen here and there", (open) => {
  it("[S103] are after every write what asking every rule about every patient says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 3, maxLength: 12 }), async (steps) => {
        await using database = await open();
        const node = await openNodeForTests(database, "centre");
        for (const [name, rule] of Object.entries(rules)) await setCatchment(node, name, rule);
        await node.save(
          { resourceType: "Location", id: "n1", partOf: { reference: "Location/north" } },
          { resourceType: "Location", id: "n2", partOf: { reference: "Location/n1" } },
          { resourceType: "Location", id: "s1", partOf: { reference: "Location/south" } },
          { resourceType: "Organization", id: "s1", partOf: { reference: "Organization/south" } },
          ...patients.map((id) => ({ resourceType: "Patient", id })),
        );
        for (const [at, step] of steps.entries()) {
          if ("visits" in step) {
            const byName = new Map(step.visits.map((visit) => [`${visit.kind}/${visit.id}`, visit]));
            await node.save(...[...byName.values()].map(resourceOf));
          } else if ("removed" in step) await node.remove(step.removed.kind, step.removed.id);
          else await node.save({ resourceType: "Patient", id: step.edited, multipleBirthInteger: at });

          const found = (await membershipsOf(database, patients)).filter(({ state }) => state === "member");
          const told = await node.memberships.ask(database, patients, await rulesOf(node));
          const expected = patients.flatMap((patient, nth) =>
            [...told[nth]!].filter(([, holds]) => holds).map(([name]) => `${name} ${patient}`),
          );
          expect(found.map(({ catchment, patient }) => `${catchment} ${patient}`).toSorted()).toEqual(
            expected.toSorted(),
          );
        }
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});

function rulesOf({ memberships }: Awaited<ReturnType<typeof openNodeForTests>>) {
  return memberships.rules.of(Object.entries(rules).map(([name, rule]) => ({ name, version: 1, rule })));
}
