import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { searchForTests } from "../../testing/search-for-tests.ts";
import { includedMax } from "./limits.ts";

const patients = [
  {
    resourceType: "Patient",
    id: "p1",
    name: [{ family: "Amin" }],
    managingOrganization: { reference: "Organization/o1" },
  },
  {
    resourceType: "Patient",
    id: "p2",
    name: [{ family: "Bell" }],
    generalPractitioner: [{ reference: "Practitioner/d1" }],
  },
];
const others = [
  { resourceType: "Organization", id: "o1", name: "Clinic", partOf: { reference: "Organization/o2" } },
  { resourceType: "Organization", id: "o2", name: "District", partOf: { reference: "Organization/o3" } },
  { resourceType: "Organization", id: "o3", name: "Ministry" },
  { resourceType: "Practitioner", id: "d1", name: [{ family: "Chen" }] },
  { resourceType: "Group", id: "g1", type: "person", actual: true, name: "Bell" },
];

function anObservation(id: string, subject: string, members: object = {}) {
  return {
    resourceType: "Observation",
    id,
    status: "final",
    code: { text: "x" },
    subject: { reference: subject },
    ...members,
  };
}

describeOnEachDatabase("a search by reference", (open) => {
  it("finds by type and id, by id, by the type as modifier, and by an address of this server", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      anObservation("a", "Patient/1"),
      anObservation("b", "Group/1"),
      anObservation("c", "Patient/1/_history/3"),
    );

    expect(await find("Observation?subject=Patient/1")).toEqual(["a", "c"]);
    expect(await find("Observation?subject=1")).toEqual(["a", "b", "c"]);
    expect(await find("Observation?subject:Group=1")).toEqual(["b"]);
    expect(await find("Observation?subject=http://here.example/fhir/Patient/1")).toEqual(["a", "c"]);
    expect(await find("Observation?patient=1")).toEqual(["a", "c"]);
    expect(await find("Observation?patient=Group/1")).toEqual([]);
    expect(await find("Observation?subject=Patient/1,Group/1")).toEqual(["a", "b", "c"]);
    expect(await find("Observation?subject=Patient/2")).toEqual([]);
  });

  it("keeps absolute references apart from those to records here", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      anObservation("a", "http://far.example/fhir/Patient/1"),
      anObservation("b", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"),
    );

    expect(await find("Observation?subject=Patient/1")).toEqual([]);
    expect(await find("Observation?subject=http://far.example/fhir/Patient/1")).toEqual(["a"]);
    expect(await find("Observation?subject=urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0")).toEqual(["b"]);
  });

  it("finds canonical references with and without their version, and logical ones by `:identifier`", async () => {
    await using database = await open();
    const { save, find } = await searchForTests(database);
    await save(
      { resourceType: "QuestionnaireResponse", id: "a", status: "completed", questionnaire: "http://q.example/1|2.0" },
      {
        resourceType: "Observation",
        id: "b",
        status: "final",
        code: { text: "x" },
        subject: { identifier: { system: "urn:s", value: "9" } },
      },
    );

    expect(await find("QuestionnaireResponse?questionnaire=http://q.example/1")).toEqual(["a"]);
    expect(await find("QuestionnaireResponse?questionnaire=http://q.example/1\\|2.0")).toEqual(["a"]);
    expect(await find("QuestionnaireResponse?questionnaire=http://q.example/1\\|3.0")).toEqual([]);
    expect(await find("Observation?subject:identifier=urn:s|9")).toEqual(["b"]);
    expect(await find("Observation?subject:identifier=urn:t|9")).toEqual([]);
  });

  it("follows one reference: a chain, with and without a type, with modifiers, and over every type it may lead to", async () => {
    await using database = await open();
    const { save, find, remove } = await searchForTests(database);
    await save(...patients, ...others);
    await save(anObservation("a", "Patient/p1"), anObservation("b", "Patient/p2"), anObservation("c", "Group/g1"));

    expect(await find("Observation?patient.name=amin")).toEqual(["a"]);
    expect(await find("Observation?subject:Patient.name=bell")).toEqual(["b"]);
    expect(await find("Observation?subject.name:exact=Bell")).toEqual(["b"]);
    expect(await find("Observation?subject._id=p1,g1")).toEqual(["a", "c"]);
    expect(await find("Observation?patient.general-practitioner=Practitioner/d1")).toEqual(["b"]);
    expect(await find("Observation?patient.name:missing=false&status=final")).toEqual(["a", "b"]);
    expect(await find("Observation?subject:Group.type=person")).toEqual(["c"]);

    await remove("Patient/p1");

    expect(await find("Observation?patient.name=amin")).toEqual([]);
  });

  it("looks at what refers to a resource by `_has`", async () => {
    await using database = await open();
    const { save, find, remove } = await searchForTests(database);
    await save(...patients);
    await save(anObservation("a", "Patient/p1", { status: "amended" }), anObservation("b", "Patient/p2"));

    expect(await find("Patient?_has:Observation:patient:status=amended")).toEqual(["p1"]);
    expect(await find("Patient?_has:Observation:subject:status=final,amended")).toEqual(["p1", "p2"]);
    expect(await find("Patient?_has:Observation:patient:_id=b")).toEqual(["p2"]);

    await remove("Observation/a");

    expect(await find("Patient?_has:Observation:patient:status=amended")).toEqual([]);
  });

  it("brings along what the matches refer to, each resource once, and not what is deleted", async () => {
    await using database = await open();
    const { save, search, remove } = await searchForTests(database);
    await save(...patients, ...others);
    await save(anObservation("a", "Patient/p1"), anObservation("b", "Patient/p1"), anObservation("c", "Group/g1"));
    const included = async (text: string) => (await search(text)).includes.map(({ type, id }) => `${type}/${id}`);

    expect(await included("Observation?_include=Observation:subject")).toEqual(["Patient/p1", "Group/g1"]);
    expect(await included("Observation?_include=Observation:subject:Group")).toEqual(["Group/g1"]);
    expect(await included("Observation?_include=Observation:patient")).toEqual(["Patient/p1"]);
    expect(await included("Patient?_include=*")).toEqual(["Organization/o1", "Practitioner/d1"]);
    expect(await included("Patient?_include=Patient:*&_id=p1")).toEqual(["Organization/o1"]);

    await remove("Patient/p1");

    expect(await included("Observation?_include=Observation:subject")).toEqual(["Group/g1"]);
  });

  it("brings along what refers to the matches, and goes on from there when it iterates", async () => {
    await using database = await open();
    const { save, search } = await searchForTests(database);
    await save(...patients, ...others);
    await save(anObservation("a", "Patient/p1"), anObservation("b", "Patient/p2"));
    const included = async (text: string) => (await search(text)).includes.map(({ type, id }) => `${type}/${id}`);

    expect(await included("Patient?_id=p1&_revinclude=Observation:subject")).toEqual(["Observation/a"]);
    expect(await included("Patient?_revinclude=Observation:patient:Patient")).toEqual([
      "Observation/a",
      "Observation/b",
    ]);
    expect(await included("Patient?_id=p1&_include=Patient:organization&_include:iterate=Organization:partof")).toEqual(
      ["Organization/o1", "Organization/o2", "Organization/o3"],
    );
    expect(await included("Patient?_id=p1&_include=Patient:organization&_include=Organization:partof")).toEqual([
      "Organization/o1",
    ]);
    expect(await included("Organization?_id=o2&_include:iterate=Organization:partof")).toEqual(["Organization/o3"]);
  });

  it("says so when it leaves out what does not fit", async () => {
    await using database = await open();
    const { saveTogether, search } = await searchForTests(database);
    const many = Array.from({ length: includedMax + 1 }, (_, index) => anObservation(`o${index}`, "Patient/p1"));
    await saveTogether(patients[0]!, ...many);

    const found = await search("Patient?_revinclude=Observation:patient");

    expect(found.includes).toHaveLength(includedMax);
    expect(found.issues).toMatchObject([{ severity: "warning", code: "incomplete" }]);
  });
});
