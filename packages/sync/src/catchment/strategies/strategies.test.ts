import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { describe, expect, it } from "vitest";
import { openNodeForTests } from "../../../testing/index.ts";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";
import { gatherFacts } from "../rule/gather-facts.ts";
import type { PatientFacts } from "../rule/patient-facts.ts";
import { PlaceTree } from "../rule/place-tree.ts";
import { builtInStrategies } from "./built-in-strategies.ts";

const reference = (to: string) => ({ reference: to });
const records: readonly JsonObject[] = [
  { resourceType: "Location", id: "country" },
  { resourceType: "Location", id: "district", partOf: reference("Location/country") },
  { resourceType: "Location", id: "ward", partOf: reference("Location/district") },
  { resourceType: "Location", id: "circle-1", partOf: reference("Location/circle-2") },
  { resourceType: "Location", id: "circle-2", partOf: reference("Location/circle-1") },
  { resourceType: "Organization", id: "clinic", partOf: reference("Organization/ministry") },
  {
    resourceType: "Patient",
    id: "in",
    gender: "female",
    identifier: [{ system: "urn:id", value: "KE-7-0041" }],
    address: [
      { country: "Kenya", state: "Nyanza", district: "Kisumu East", city: "Kisumu", postalCode: "40100" },
      { use: "old", country: "Uganda", city: "Entebbe" },
    ],
    generalPractitioner: [reference("Practitioner/doctor")],
    managingOrganization: reference("Organization/clinic"),
  },
  {
    resourceType: "Patient",
    id: "out",
    gender: "male",
    identifier: [{ system: "urn:id", value: "UG-7-0041" }],
    address: [{ country: "Uganda", city: "Kisumu" }],
    managingOrganization: reference("Organization/other"),
  },
  { resourceType: "Patient", id: "bare" },
  {
    resourceType: "Encounter",
    id: "e1",
    status: "finished",
    class: { code: "AMB" },
    subject: reference("Patient/in"),
    location: [{ location: reference("Location/ward") }],
  },
  {
    resourceType: "EpisodeOfCare",
    id: "enrolled",
    status: "active",
    patient: reference("Patient/in"),
    managingOrganization: reference("Organization/programme"),
  },
  {
    resourceType: "Group",
    id: "cohort",
    type: "person",
    actual: true,
    member: [{ entity: reference("Patient/in") }, { entity: reference("Patient/out"), inactive: true }],
  },
  {
    resourceType: "CareTeam",
    id: "team",
    status: "active",
    subject: reference("Patient/in"),
    participant: [{ member: reference("Practitioner/nurse"), onBehalfOf: reference("Organization/mission") }],
    managingOrganization: [reference("Organization/hospital")],
  },
  {
    resourceType: "CareTeam",
    id: "ended",
    status: "inactive",
    subject: reference("Patient/out"),
    participant: [{ member: reference("Practitioner/nurse") }],
  },
];

/** Searches that lead beyond the patient and the patient's records. */
const searchesBeyond = [
  "general-practitioner:Practitioner.family=Smith",
  "gender=female&organization.name=Mission",
  "_has:Group:member:_id=cohort",
];

/** What each strategy must choose of the patients above, what it must refuse to read, and what it cannot evaluate. */
const contracts: Readonly<
  Record<string, { readonly chooses: unknown[]; readonly refuses: unknown[]; readonly cannotTell?: unknown }>
> = {
  location: {
    chooses: [
      { address: "kenya" },
      { address: "Kenya%*%*%kisumu" },
      { address: "*%nyanza" },
      { address: "*%*%Kisumu East" },
      { address: "*%*%*%*%40100" },
      { address: "Kenya%Nyanza%Kisumu East%Kisumu%40100" },
      { within: ["Location/country"] },
      { within: ["Location/ward"], by: ["encounter"] },
      { within: ["Organization/ministry"], by: ["managing-organization"] },
      { within: ["Organization/programme"], by: ["enrolment"] },
    ],
    refuses: [
      {},
      { address: "*%*" },
      { address: "Kenya%" },
      { address: "a%b%c%d%e%f" },
      { within: [] },
      { within: ["Patient/in"] },
      { within: ["Location/ward"], by: ["birth"] },
    ],
  },
  cohort: { chooses: ["Group/cohort"], refuses: ["Patient/in", 7], cannotTell: "Group/nowhere" },
  "care-team": {
    chooses: [
      "Practitioner/nurse",
      "CareTeam/team",
      "Organization/mission",
      "Organization/hospital",
      "Practitioner/doctor",
    ],
    refuses: ["nurse", null],
  },
  identifier: {
    chooses: [{ system: "urn:id", value: "KE-*" }, { value: "KE*41" }, { value: "KE-7-0041" }],
    refuses: [{}, { value: "" }],
  },
  search: {
    chooses: ["gender=female", "address-city=kisumu&address-country=kenya"],
    refuses: ["", "colour=blue", "_count=5", ...searchesBeyond],
  },
  list: { chooses: [["in"], ["x", "in"]], refuses: ["in", ["not an id!"]] },
  "registered-at": { chooses: [], refuses: ["clinic-1", [""]] },
  everything: { chooses: [], refuses: [false, {}] },
};

describeOnEachDatabase("the strategies", (open) => {
  async function ask(strategy: CatchmentStrategy, given: unknown) {
    await using database = await open();
    const node = await openNodeForTests(database, "centre");
    await node.save(...records);
    const criterion = strategy.read(given);
    if (typeof criterion === "string") throw new Error(criterion);
    const sources = { store: node.store, places: new PlaceTree(node.store), placesGeneration: 0 };
    const facts = await gatherFacts(node.database, ["in", "out", "bare", "unknown"], criterion.needs, sources);
    return Object.fromEntries(facts.map((fact) => [fact.patient, criterion.holds(fact)]));
  }

  for (const strategy of builtInStrategies) {
    for (const given of contracts[strategy.name]?.chooses ?? []) {
      it(`[S101] ${strategy.name} chooses by ${JSON.stringify(given)} and leaves the others out`, async () => {
        expect(await ask(strategy, given)).toEqual({ in: true, out: false, bare: false, unknown: false });
      });
    }
  }

  it("[S101] registered-at chooses by where a patient was first written", async () => {
    const registeredAt = builtInStrategies.find(({ name }) => name === "registered-at")!;

    expect(await ask(registeredAt, ["centre"])).toMatchObject({ in: true, bare: true, unknown: undefined });
    expect(await ask(registeredAt, ["clinic-1"])).toMatchObject({ in: false, bare: false });
  });

  it("[S101] an address of which one level is another one's, or that is old, is not chosen", async () => {
    const location = builtInStrategies.find(({ name }) => name === "location")!;

    for (const address of ["Kenya%Kisumu", "Kenya%*%*%Nyanza", "Uganda%*%*%Entebbe", "Kenya%Nyanza%*%*%40101"]) {
      expect(await ask(location, { address })).toMatchObject({ in: false });
    }
  });

  it("[S102] a place whose hierarchy goes in a circle is evaluated all the same", async () => {
    const location = builtInStrategies.find(({ name }) => name === "location")!;

    expect(await ask(location, { within: ["Location/circle-1"] })).toMatchObject({ in: false });
  });

  it("[S102] cohort cannot tell of a Group that is not here", async () => {
    const cohort = builtInStrategies.find(({ name }) => name === "cohort")!;

    expect(await ask(cohort, contracts["cohort"]!.cannotTell)).toMatchObject({ in: undefined, out: undefined });
  });
});

describe("every strategy", () => {
  const nothingKnown: PatientFacts = {
    patient: "nobody",
    body: undefined,
    places: undefined,
    careTeams: [],
    groups: new Map(),
    searches: new Map(),
    originNode: undefined,
  };

  it.each(searchesBeyond)("[S244] search refuses what a write that concerns no patient would change: %s", (given) => {
    expect(builtInStrategies.find(({ name }) => name === "search")?.read(given)).toMatch(/^it asks of the patient/);
  });

  it("[S101] has a contract here", () => {
    expect(Object.keys(contracts).sort()).toEqual(builtInStrategies.map(({ name }) => name).sort());
  });

  it.each(builtInStrategies.map((strategy) => [strategy.name, strategy] as const))(
    "[S101] %s refuses with a sentence what it cannot read, and chooses nobody of whom nothing is known",
    (name, strategy) => {
      const { refuses, chooses } = contracts[name]!;

      for (const given of refuses) expect(strategy.read(given)).toMatch(/^.+\.$/s);
      for (const given of chooses) {
        const criterion = strategy.read(given);
        expect(criterion).toBeTypeOf("object");
        if (typeof criterion === "object") expect(criterion.holds(nothingKnown)).not.toBe(true);
      }
    },
  );
});
