import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, fhirApiForTests, type TestAnswer } from "../../../testing/index.ts";
import type { JsonObject } from "../../model/json-value.ts";
import { resourceSaved } from "../../store/resource-events.ts";

const countVersions = sql("select count(*) as n from resource_version");
const countIndexed = sql("select count(*) as n from search_token");
const urn = (n: number) => `urn:uuid:6f0c4f0e-0000-4000-8000-00000000000${n}`;

function transaction(...entry: JsonObject[]): JsonObject {
  return { resourceType: "Bundle", type: "transaction", entry };
}

function posting(fullUrl: string, resource: JsonObject, request: JsonObject = {}): JsonObject {
  return { fullUrl, resource, request: { method: "POST", url: String(resource["resourceType"]), ...request } };
}

function putting(resource: JsonObject, request: JsonObject = {}): JsonObject {
  const url = `${String(resource["resourceType"])}/${String(resource["id"])}`;
  return { resource, request: { method: "PUT", url, ...request } };
}

function responses({ json }: TestAnswer) {
  return (
    json["entry"] as { response: { status: string; location?: string; etag?: string }; resource?: JsonObject }[]
  ).map(({ response, resource }) => ({ ...response, resource }));
}

const statuses = (answer: TestAnswer) => responses(answer).map(({ status }) => status);

const observation = (subject: string) => ({
  resourceType: "Observation",
  status: "final",
  code: { text: "x" },
  subject: { reference: subject },
});

describeOnEachDatabase("a transaction Bundle", (open) => {
  it("creates, updates, patches, deletes and reads, and answers in the order of its entries", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    for (const id of ["old", "dead", "same", "patched"]) await ask("PUT", `Patient/${id}`, aPatient(id));
    const data = Buffer.from('[{"op":"add","path":"/active","value":true}]').toString("base64");
    const binary = { resourceType: "Binary", contentType: "application/json-patch+json", data };

    const answer = await ask(
      "POST",
      "",
      transaction(
        { request: { method: "GET", url: "Patient/old" } },
        putting(aPatient("old", { gender: "other" }), { ifMatch: 'W/"1"' }),
        posting(urn(1), { resourceType: "Patient" }),
        { request: { method: "DELETE", url: "Patient/dead" } },
        putting(aPatient("same")),
        putting(aPatient("new"), { ifNoneMatch: "*" }),
        { resource: binary, request: { method: "PATCH", url: "Patient/patched" } },
        { request: { method: "GET", url: "Patient?active=true" } },
        { request: { method: "DELETE", url: "Patient/never" } },
      ),
    );

    expect(answer.status).toBe(200);
    expect(answer.json["type"]).toBe("transaction-response");
    expect(statuses(answer)).toEqual([
      "200 OK",
      "200 OK",
      "201 Created",
      "204 No Content",
      "200 OK",
      "201 Created",
      "200 OK",
      "200 OK",
      "204 No Content",
    ]);
    const [read, updated, created, , same, , , found] = responses(answer);
    expect(read?.resource).toMatchObject({ id: "old", gender: "other" });
    expect([updated?.etag, same?.etag]).toEqual(['W/"2"', 'W/"1"']);
    expect(created?.location).toMatch(/\/Patient\/[0-9a-f-]{36}\/_history\/1$/);
    expect(found?.resource).toMatchObject({ type: "searchset", entry: [{ resource: { id: "patched" } }] });
  });

  it("turns links between its entries into references to what they became", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const narrative = {
      status: "generated",
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${urn(1)}">x</a></div>`,
    };

    const answer = await ask(
      "POST",
      "",
      transaction(
        posting(urn(2), {
          ...observation(urn(1)),
          text: narrative,
          hasMember: [{ reference: "http://old/fhir/Observation/77" }],
        }),
        posting(urn(1), { resourceType: "Patient", identifier: [{ value: urn(1) }] }),
        posting("http://old/fhir/Observation/77", observation("http://elsewhere/Patient/1")),
      ),
      { prefer: "return=representation" },
    );

    const [first, patient, third] = responses(answer).map(({ resource }) => resource);
    expect(first).toMatchObject({
      subject: { reference: `Patient/${String(patient?.["id"])}` },
      hasMember: [{ reference: `Observation/${String(third?.["id"])}` }],
      text: { div: expect.stringContaining(`href="Patient/${String(patient?.["id"])}"`) },
    });
    expect(patient).toMatchObject({ identifier: [{ value: urn(1) }] });
    expect(third).toMatchObject({ subject: { reference: "http://elsewhere/Patient/1" } });
    const { json } = await ask("GET", `Observation?subject=Patient/${String(patient?.["id"])}`);
    expect(json).toMatchObject({ total: 1 });
  });

  it("resolves references by criteria to what stands in the database or comes with it", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/known", aPatient("known", { identifier: [{ system: "http://ids", value: "1" }] }));
    const ben = { resourceType: "Patient", identifier: [{ system: "http://ids", value: "2" }] };

    const answer = await ask(
      "POST",
      "",
      transaction(
        posting(urn(1), observation("Patient?identifier=http://ids|1")),
        posting(urn(2), observation("Patient?identifier=http://ids|2")),
        posting(urn(3), ben, { ifNoneExist: "identifier=http://ids|2" }),
        posting(urn(4), { resourceType: "Patient" }, { ifNoneExist: "identifier=http://ids|1" }),
        posting(urn(5), observation(urn(4))),
      ),
      { prefer: "return=representation" },
    );
    const nobody = await ask("POST", "", transaction(posting(urn(1), observation("Patient?identifier=http://ids|9"))));

    expect(statuses(answer)).toEqual(["201 Created", "201 Created", "201 Created", "200 OK", "201 Created"]);
    const [byCriteria, withIt, made, matched, linked] = responses(answer).map(({ resource }) => resource);
    expect(byCriteria).toMatchObject({ subject: { reference: "Patient/known" } });
    expect(withIt).toMatchObject({ subject: { reference: `Patient/${String(made?.["id"])}` } });
    expect(matched).toMatchObject({ id: "known" });
    expect(linked).toMatchObject({ subject: { reference: "Patient/known" } });
    expect([nobody.status, nobody.json]).toMatchObject([412, { issue: [{ expression: ["Bundle.entry[0]"] }] }]);
  });

  it("does nothing at all when one entry cannot be done, and names the entry", async () => {
    await using database = await open();
    const { ask, bus } = await fhirApiForTests(database);
    const heard: string[] = [];
    await ask("PUT", "Patient/a", aPatient("a"));
    const indexed = await database.first(countIndexed);
    bus.on(resourceSaved.any, "after-commit", ({ key }) => void heard.push(key.id));
    const good = [
      posting(urn(1), { resourceType: "Patient", gender: "male" }),
      putting(aPatient("b", { gender: "male" })),
    ];
    const bad: [JsonObject, number][] = [
      [putting(aPatient("a", { active: true }), { ifMatch: 'W/"9"' }), 412],
      [putting(aPatient("c", { gender: "fem" })), 422],
      [putting(aPatient("c", { colour: "red" })), 400],
      [{ ...putting(aPatient("c")), request: { method: "PUT", url: "Patient/d" } }, 400],
      [{ request: { method: "GET", url: "Patient/nobody" } }, 404],
      [{ request: { method: "DELETE", url: "Patient?gender=unknown&shoe=4" } }, 400],
      [{ resource: aPatient("a"), request: { method: "PATCH", url: "Patient/a" } }, 400],
      [{ request: { method: "POST", url: "Patient" } }, 400],
      [{ request: { method: "BREW", url: "Patient" } }, 400],
      [{ request: { method: "PUT", url: "Pateint/a" }, resource: aPatient("a") }, 400],
      [{ request: { method: "POST", url: "Patient/$validate" }, resource: aPatient("a") }, 400],
      [{ resource: aPatient("a") }, 400],
      [putting(aPatient("b", { active: true })), 400],
      [posting(urn(1), { resourceType: "Patient" }), 400],
    ];

    for (const [entry, status] of bad) {
      const answer = await ask("POST", "", transaction(...good, entry));
      const [issue] = answer.json["issue"] as [{ expression: string[] }];
      expect([answer.status, issue.expression[0]?.slice(0, 15)]).toEqual([status, "Bundle.entry[2]"]);
    }

    expect(await database.first(countVersions)).toEqual({ n: 1 });
    expect(await database.first(countIndexed)).toEqual(indexed);
    expect(heard).toEqual([]);
  });

  it("is undone as a whole when a listener vetoes one of its changes", async () => {
    await using database = await open();
    const { ask, bus } = await fhirApiForTests(database);
    bus.on(resourceSaved.of("Patient"), "within-transaction", ({ resource }) => {
      if (resource.gender === "unknown") throw new Error("veto");
    });

    const answer = await ask(
      "POST",
      "",
      transaction(putting(aPatient("a")), putting(aPatient("b", { gender: "unknown" }))),
    );

    expect(answer.status).toBe(500);
    expect(await database.first(countVersions)).toEqual({ n: 0 });
  });

  it("refuses repeated names inside a resource, and creating twice by the same criteria", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const text = JSON.stringify(transaction(putting(aPatient("a")), putting(aPatient("b")))).replace(
      '"id":"b"',
      '"id":"b","gender":"male","gender":"female"',
    );
    const criteria = { ifNoneExist: "identifier=http://ids|1" };

    const repeated = await ask("POST", "", text);
    const twice = await ask(
      "POST",
      "",
      transaction(
        posting(urn(1), { resourceType: "Patient" }, criteria),
        posting(urn(2), { resourceType: "Patient" }, criteria),
      ),
    );

    expect([repeated.status, repeated.json]).toMatchObject([400, { issue: [{ expression: ["Bundle.entry[1]"] }] }]);
    expect([twice.status, twice.json]).toMatchObject([400, { issue: [{ expression: ["Bundle.entry[1]"] }] }]);
    expect(await database.first(countVersions)).toEqual({ n: 0 });
  });

  it("lets many transactions over the same records run at once without losing a version", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const ids = ["a", "b", "c", "d"];

    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const entries = ids.map((id) => putting(aPatient(id, { language: `x-${n}` })));
        return ask("POST", "", transaction(...(n % 2 === 0 ? entries : entries.reverse())));
      }),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
    expect(await database.first(countVersions)).toEqual({ n: 48 });
  });
});

describeOnEachDatabase("a batch Bundle", (open) => {
  it("answers each entry by itself", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));
    const batch = {
      ...transaction(
        putting(aPatient("b")),
        putting(aPatient("c", { gender: "fem" })),
        { request: { method: "GET", url: "Patient/a" } },
        { request: { method: "GET", url: "Patient/a", ifNoneMatch: 'W/"1"' } },
        { request: { method: "GET", url: "Patient/nobody" } },
        { request: { method: "BREW", url: "Patient" } },
        posting(urn(1), { resourceType: "Patient" }),
        { request: { method: "POST", url: "" }, resource: transaction() },
        { request: { method: "GET", url: "/Patient?_id=a" } },
      ),
      type: "batch",
    };

    const answer = await ask("POST", "", batch);

    expect(statuses(answer)).toEqual([
      "201 Created",
      "422 Unprocessable Content",
      "200 OK",
      "304 Not Modified",
      "404 Not Found",
      "400 Bad Request",
      "201 Created",
      "400 Bad Request",
      "200 OK",
    ]);
    expect(responses(answer)[1]).toMatchObject({ outcome: { issue: [{ expression: ["Patient.gender"] }] } });
    expect(responses(answer)[8]?.resource).toMatchObject({ type: "searchset", total: 1 });
    expect((await ask("GET", "Patient/b")).status).toBe(200);
  });

  it("is refused when it is of another type, or none", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const answers = [
      await ask("POST", "", { resourceType: "Bundle", type: "collection" }),
      await ask("POST", "", { resourceType: "Bundle" }),
      await ask("POST", "", aPatient("a")),
      await ask("POST", "", ""),
      await ask("POST", "", transaction()),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 200]);
  });
});
