import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatient, fhirApiForTests } from "../../testing/index.ts";

const countRecords = sql("select count(*) as n from resource where is_deleted = 0");
const numbered = (value: string) => ({ identifier: [{ system: "http://ids", value }] });
const byNumber = (value: string) => `identifier=http://ids|${value}`;

describeOnEachDatabase("conditional interactions", (open) => {
  it("create only what no record matches, and answer the one that does", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const ifNoneExist = { "if-none-exist": byNumber("1") };

    const first = await ask("POST", "Patient", { resourceType: "Patient", ...numbered("1") }, ifNoneExist);
    const second = await ask("POST", "Patient", { resourceType: "Patient", ...numbered("1") }, ifNoneExist);
    await ask("PUT", "Patient/twin", aPatient("twin", numbered("1")));
    const third = await ask("POST", "Patient", { resourceType: "Patient", ...numbered("1") }, ifNoneExist);

    expect([first.status, second.status, third.status]).toEqual([201, 200, 412]);
    expect(second.headers["location"]).toBe(first.headers["location"]);
    expect(second.text).toBe(first.text);
  });

  it("create exactly one record, however many ask at once", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const patient = { resourceType: "Patient", ...numbered("1") };

    const answers = await Promise.all(
      Array.from({ length: 24 }, () => ask("POST", "Patient", patient, { "if-none-exist": byNumber("1") })),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array.from({ length: 23 }, () => 200), 201]);
    expect(await database.first(countRecords)).toEqual({ n: 1 });
  });

  it("update the one match, create without a match, and refuse several", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/one", aPatient("one", numbered("1")));
    const url = (value: string) => `Patient?${byNumber(value)}`;
    const body = (value: string, more = {}) => ({ resourceType: "Patient", ...numbered(value), ...more });

    const updated = await ask("PUT", url("1"), body("1", { active: true }));
    const otherId = await ask("PUT", url("1"), body("1", { id: "two" }));
    const created = await ask("PUT", url("2"), body("2"));
    const createdAs = await ask("PUT", url("3"), body("3", { id: "three" }));
    const taken = await ask("PUT", url("4"), body("4", { id: "one" }));
    await ask("PUT", "Patient/twin", aPatient("twin", numbered("1")));
    const several = await ask("PUT", url("1"), body("1"));
    const nothing = await ask("PUT", "Patient", body("1"));
    const unknown = await ask("PUT", "Patient?shoe-size=4", body("1"));

    const statuses = [updated, otherId, created, createdAs, taken, several, nothing, unknown].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([200, 400, 201, 201, 409, 412, 412, 400]);
    expect(updated.json).toMatchObject({ id: "one", active: true, meta: { versionId: "2" } });
    expect(createdAs.json["id"]).toBe("three");
  });

  it("delete the one match, nothing without a match, and refuse several", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/one", aPatient("one", numbered("1")));
    await ask("PUT", "Patient/two", aPatient("two", numbered("2")));
    await ask("PUT", "Patient/twin", aPatient("twin", numbered("2")));

    const answers = [
      await ask("DELETE", `Patient?${byNumber("1")}`),
      await ask("DELETE", `Patient?${byNumber("1")}`),
      await ask("DELETE", `Patient?${byNumber("2")}`),
      await ask("DELETE", "Patient"),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 204, 412, 412]);
    expect(await ask("GET", "Patient/one")).toMatchObject({ status: 410 });
    expect(await database.first(countRecords)).toEqual({ n: 2 });
  });
});

const asPatch = { "content-type": "application/json-patch+json" };

describeOnEachDatabase("patching", (open) => {
  it("changes what it names and keeps the digits of every other number", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    const body =
      '{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00}}';
    await ask("PUT", "Observation/o", body);

    const patch =
      '[{"op":"test","path":"/valueQuantity/value","value":1.0},{"op":"replace","path":"/status","value":"amended"},{"op":"add","path":"/component","value":[{"code":{"text":"y"},"valueQuantity":{"value":2.50}}]}]';
    const patched = await ask("PATCH", "Observation/o", patch, asPatch);

    expect([patched.status, patched.headers["etag"]]).toEqual([200, 'W/"2"']);
    expect(patched.text).toContain('"valueQuantity":{"value":1.00}');
    expect(patched.text).toContain('"valueQuantity":{"value":2.50}');
    expect(patched.json["status"]).toBe("amended");
  });

  it("refuses what cannot be made, and changes nothing", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a", { gender: "male", ...numbered("1") }));
    await ask("DELETE", "Patient/gone");
    await ask("PUT", "Patient/gone", aPatient("gone"));
    await ask("DELETE", "Patient/gone");
    const patch = (operations: unknown, path = "Patient/a", headers = {}) =>
      ask("PATCH", path, operations, { ...asPatch, ...headers });
    const activate = [{ op: "add", path: "/active", value: true }];

    const answers = [
      await patch([{ op: "test", path: "/gender", value: "female" }]),
      await patch([{ op: "remove", path: "/nowhere" }]),
      await patch([{ op: "replace", path: "/id", value: "b" }]),
      await patch([{ op: "replace", path: "/gender", value: "fem" }]),
      await patch([{ op: "add", path: "/__proto__/polluted", value: true }]),
      await patch([{ op: "explode", path: "/gender" }]),
      await patch({ op: "remove", path: "/gender" }),
      await patch("[{"),
      await patch(activate, "Patient/a", { "if-match": 'W/"9"' }),
      await patch(activate, "Patient/nobody"),
      await patch(activate, "Patient/gone"),
      await patch(activate, `Patient?${byNumber("2")}`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 400, 400, 400, 412, 404, 410, 404]);
    expect((await ask("GET", "Patient/a")).headers["etag"]).toBe('W/"1"');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect((await patch(activate, `Patient?${byNumber("1")}`)).json["active"]).toBe(true);
  });

  it("loses none of many parallel patches of one record", async () => {
    await using database = await open();
    const { ask } = await fhirApiForTests(database);
    await ask("PUT", "Patient/a", aPatient("a", { name: [{ given: ["0"] }] }));

    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ask("PATCH", "Patient/a", [{ op: "add", path: "/name/0/given/-", value: `${n + 1}` }], asPatch),
      ),
    );

    const { json, headers } = await ask("GET", "Patient/a");
    const [name] = json["name"] as [{ given: string[] }];
    expect(headers["etag"]).toBe('W/"13"');
    expect(name.given.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, n) => n));
  });
});
