import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, fhirApiForTests, testBase } from "../../testing/index.ts";

const minimal = { prefer: "return=minimal" };

describeOnEachDatabase("reading and writing one resource", (open) => {
  it("creates under an id of the server's choice and says where", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const created = await ask("POST", "Patient", { resourceType: "Patient", id: "mine", gender: "female" });

    const id = String(created.json["id"]);
    expect(created.status).toBe(201);
    expect(id).not.toBe("mine");
    expect(created.headers).toMatchObject({
      location: `${testBase}/Patient/${id}/_history/1`,
      etag: 'W/"1"',
      "content-type": "application/fhir+json; charset=utf-8",
    });
    expect(Date.parse(created.headers["last-modified"] ?? "")).toBeGreaterThan(Date.now() - 60_000);
    expect(created.json["meta"]).toMatchObject({ versionId: "1" });
    expect((await ask("GET", `Patient/${id}`)).text).toBe(created.text);
  });

  it("returns the body as it was received, but for id and the server's meta", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const body =
      '{ "resourceType" : "Observation",\n "id":"o1", "status":"final","code":{"text":"\\u0042P"},"valueQuantity":{"value":1.00, "unit":"mg"},"meta":{ "lastUpdated":"2001-01-01T00:00:00Z","profile":["http://a/b"]}}';

    await ask("PUT", "Observation/o1", body, minimal);
    const { text, json } = await ask("GET", "Observation/o1");

    const { lastUpdated } = json["meta"] as { lastUpdated: string };
    expect(text).toBe(
      `{ "resourceType" : "Observation",\n "id":"o1", "status":"final","code":{"text":"\\u0042P"},"valueQuantity":{"value":1.00, "unit":"mg"},"meta":{"versionId":"1","lastUpdated":"${lastUpdated}", "profile":["http://a/b"]}}`,
    );
  });

  it("answers a write with as much as the client prefers", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const none = await ask("PUT", "Patient/a", aPatient("a"), minimal);
    const whole = await ask("PUT", "Patient/b", aPatient("b"), { prefer: "return=representation; handling=strict" });
    const outcome = await ask("PUT", "Patient/c", aPatient("c"), { prefer: "return=OperationOutcome" });

    expect([none.status, none.text, none.headers["etag"]]).toEqual([201, "", 'W/"1"']);
    expect(whole.json).toMatchObject({ resourceType: "Patient", id: "b" });
    expect(outcome.json).toMatchObject({ resourceType: "OperationOutcome", issue: [{ severity: "information" }] });
  });

  it("updates with a new version, creates what does not exist, and leaves equal content alone", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const created = await ask("PUT", "Patient/a", aPatient("a", { gender: "male" }));
    const updated = await ask("PUT", "Patient/a", aPatient("a", { gender: "female" }));
    const same = await ask("PUT", "Patient/a", updated.text);

    expect([created.status, created.headers["etag"]]).toEqual([201, 'W/"1"']);
    expect([updated.status, updated.headers["etag"]]).toEqual([200, 'W/"2"']);
    expect([same.status, same.headers["etag"], same.text]).toEqual([200, 'W/"2"', updated.text]);
  });

  it("refuses a body that is of another type or has another id than the address", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);

    const answers = [
      await ask("PUT", "Patient/a", aPatient("b")),
      await ask("PUT", "Patient/a", { resourceType: "Patient" }),
      await ask("PUT", "Patient/a", { resourceType: "Observation", id: "a" }),
      await ask("POST", "Observation", aPatient("b")),
      await ask("PUT", "Patient/a_b", aPatient("a_b")),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(await ask("GET", "Patient/a")).toMatchObject({ status: 404 });
  });

  it("answers 304 to a client that holds the current version", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const { headers } = await ask("PUT", "Patient/a", aPatient("a"));

    const byTag = await ask("GET", "Patient/a", undefined, { "if-none-match": 'W/"7", W/"1"' });
    const otherTag = await ask("GET", "Patient/a", undefined, { "if-none-match": 'W/"7"' });
    const byTime = await ask("GET", "Patient/a", undefined, { "if-modified-since": headers["last-modified"] ?? "" });
    const longAgo = await ask("GET", "Patient/a", undefined, { "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT" });

    expect([byTag, otherTag, byTime, longAgo].map(({ status }) => status)).toEqual([304, 200, 304, 200]);
    expect([byTag.text, byTag.headers["etag"]]).toEqual(["", 'W/"1"']);
  });

  it("writes only over the version that If-Match names, and creates only what If-None-Match says is absent", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));

    const stale = await ask("PUT", "Patient/a", aPatient("a", { active: true }), { "if-match": 'W/"2"' });
    const right = await ask("PUT", "Patient/a", aPatient("a", { active: true }), { "if-match": 'W/"1"' });
    const nonsense = await ask("PUT", "Patient/a", aPatient("a"), { "if-match": "yesterday" });
    const nobody = await ask("PUT", "Patient/z", aPatient("z"), { "if-match": 'W/"1"' });
    const exists = await ask("PUT", "Patient/a", aPatient("a"), { "if-none-match": "*" });
    const absent = await ask("PUT", "Patient/b", aPatient("b"), { "if-none-match": "*" });
    const staleDelete = await ask("DELETE", "Patient/a", undefined, { "if-match": 'W/"1"' });

    const statuses = [stale, right, nonsense, nobody, exists, absent, staleDelete].map(({ status }) => status);
    expect(statuses).toEqual([412, 200, 400, 412, 412, 201, 412]);
    expect(await ask("GET", "Patient/z")).toMatchObject({ status: 404 });
  });

  it("lets exactly one of twenty parallel writers with the same If-Match win", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ask("PUT", "Patient/a", aPatient("a", { language: `x-${n}` }), { "if-match": 'W/"1"' }),
      ),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  it("deletes idempotently; what was deleted is gone, keeps its history, and can come back", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));

    const first = await ask("DELETE", "Patient/a");
    const again = await ask("DELETE", "Patient/a");
    const never = await ask("DELETE", "Patient/never");
    const gone = await ask("GET", "Patient/a");
    const deletion = await ask("GET", "Patient/a/_history/2");
    const before = await ask("GET", "Patient/a/_history/1");
    const back = await ask("PUT", "Patient/a", aPatient("a"));

    expect([first, again, never].map(({ status }) => status)).toEqual([204, 204, 204]);
    expect([first.headers["etag"], again.headers["etag"]]).toEqual(['W/"2"', 'W/"2"']);
    expect([gone.status, gone.headers["etag"], deletion.status, before.status]).toEqual([410, 'W/"2"', 410, 200]);
    expect([back.status, back.headers["etag"]]).toEqual([201, 'W/"3"']);
  });

  it("tells apart unknown types, addresses, records, versions and methods", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a"));

    const answers = [
      await ask("GET", "Pateint/a"),
      await ask("GET", "Patient/nobody"),
      await ask("GET", "Patient/a/_history/2"),
      await ask("GET", "Patient/a/_history/x"),
      await ask("GET", "Patient/a/nowhere/at/all"),
      await ask("GET", "Patient/a_b"),
      await ask("POST", "Patient/a", aPatient("a")),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404, 405]);
    expect(answers[0]?.text).toContain("Pateint is no resource type");
    expect(answers[6]?.headers["allow"]).toBe("GET, PUT, PATCH, DELETE");
    expect(answers.every(({ json }) => json["resourceType"] === "OperationOutcome")).toBe(true);
  });

  it("shortens what it reads when asked to, and says that it is not whole", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a", { gender: "male", language: "en" }));

    const { json } = await ask("GET", "Patient/a?_elements=gender");
    const wrong = await ask("GET", "Patient/a?_summary=perhaps");

    expect(json).toMatchObject({ gender: "male", meta: { versionId: "1", tag: [{ code: "SUBSETTED" }] } });
    expect(json).not.toHaveProperty("language");
    expect(wrong.status).toBe(400);
  });

  it("answers HEAD as GET, without the body", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const { text } = await ask("PUT", "Patient/a", aPatient("a"));

    const head = await ask("HEAD", "Patient/a");

    expect([head.status, head.text, head.headers["etag"]]).toEqual([200, "", 'W/"1"']);
    expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
  });

  it("speaks JSON only, and says so", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const xml = { "content-type": "application/fhir+xml" };

    const answers = [
      await ask("GET", "metadata", undefined, { accept: "application/fhir+xml" }),
      await ask("GET", "metadata?_format=xml"),
      await ask("POST", "Patient", "<Patient/>", xml),
      await ask("PUT", "Patient/a", "<Patient/>", xml),
      await ask("POST", "", "<Bundle/>", xml),
      await ask("PATCH", "Patient/a", "[]", { "content-type": "application/json" }),
      await ask("POST", "Patient", "{}", { "content-type": "application/json; charset=latin1" }),
    ];
    const fine = [
      await ask("GET", "metadata?_format=application/fhir+json", undefined, { accept: "application/xml" }),
      await ask("GET", "metadata", undefined, { accept: "text/html, application/json;q=0.9" }),
      await ask("POST", "Patient", { resourceType: "Patient" }, { "content-type": "application/json; charset=UTF-8" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([406, 406, 415, 415, 415, 415, 415]);
    expect(answers[0]?.text).toContain("JSON");
    expect(fine.map(({ status }) => status)).toEqual([200, 200, 201]);
  });

  it("refuses what is no valid resource, with its places and reasons, and saves nothing", async () => {
    await using database = await open();
    const { ask, store } = await fhirApiForTests(database);

    const wrongCode = await ask("PUT", "Patient/a", aPatient("a", { gender: "fem" }));
    const unknownElement = await ask("PUT", "Patient/a", aPatient("a", { colour: "red" }));

    expect([wrongCode.status, unknownElement.status]).toEqual([422, 400]);
    expect(wrongCode.json).toMatchObject({ issue: [{ severity: "error", expression: ["Patient.gender"] }] });
    expect(await store.read(database, { type: "Patient", id: "a" })).toBeUndefined();
  });
});
