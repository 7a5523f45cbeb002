import { adminEndpoints } from "@tributary/admin-api";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";

describeOnEachDatabase("settings over the admin API", (_, dialect) => {
  it("are told, set as numbered versions with who and why, and refused to whoever looked before", async () => {
    await using pair = await openPair(dialect);
    const { ask } = pair;
    const set = (version: number, more: object) => ask("PUT", "/settings", { version, reason: "night line", ...more });

    const before = await ask("GET", "/settings");
    const first = await set(0, { schedules: { pull: { cron: "0 2 * * *" } } });
    const stale = await set(0, { types: { push: { exclude: ["Media"] } } });
    const second = await set(1, { types: { push: { exclude: ["Media"] } }, schedules: null });
    const latest = await ask("GET", "/settings/history?limit=1");
    const older = await ask("GET", `/settings/history?limit=1&after=${String(latest.body["next"])}`);
    const listed = await ask("GET", "/configuration");

    expect(adminEndpoints["GET /settings"].answer.parse(before.body)).toMatchObject({
      version: 0,
      setAt: null,
      schedules: { pull: { value: { everySeconds: 30 }, from: "file", version: null } },
    });
    expect([first.status, stale.status, second.status]).toEqual([200, 409, 200]);
    expect(first.body).toMatchObject({ version: 1, schedules: { pull: { value: { cron: "0 2 * * *" }, version: 1 } } });
    expect(stale.body).toMatchObject({ code: "SETTINGS_MOVED" });
    expect((await ask("GET", "/settings")).body).toEqual(second.body);
    expect(adminEndpoints["GET /settings/history"].answer.parse(latest.body)).toMatchObject({
      items: [{ version: 2, setBy: "console", reason: "night line", settings: { types: { push: {} } } }],
      next: "2",
      total: 2,
    });
    expect(older.body).toMatchObject({
      items: [{ version: 1, settings: { schedules: { pull: { cron: "0 2 * * *" } } } }],
      next: null,
    });
    expect(listed.body["items"]).toContainEqual(
      expect.objectContaining({ key: "push.types.exclude", value: ["Media"], isDefault: false }),
    );
  });

  it("are refused by the configuration's key and in its words, to whoever may not, and without a reason", async () => {
    await using pair = await openPair(dialect);
    const { askParent, servers } = pair;
    const put = (body: object) => askParent("PUT", "/settings", { version: 0, reason: "x", ...body });
    const viewer = await askParent("POST", "/tokens", { name: "board", role: "operator" });
    const headers = { authorization: `Bearer ${String(viewer.body["token"])}`, "content-type": "application/json" };
    const asOperator = (method: "GET" | "PUT") =>
      servers.parent.inject({
        method,
        url: "/admin/v1/settings",
        headers,
        ...(method === "PUT" ? { payload: "{}" } : {}),
      });

    const wrong = await put({ schedules: { push: { everySeconds: 0 } } });
    const unknown = await put({ policies: [{ type: "Patient", element: "birthdate", policy: "manual" }] });
    const silent = await put({ reason: " " });

    const told = { key: "setting-wrong", values: { key: "push.everySeconds", given: { key: "given-number" } } };
    expect(wrong).toMatchObject({ status: 400, body: { code: "CONFIG_INVALID", told } });
    expect(wrong.body["message"]).toMatch(/^push\.everySeconds is a number that cannot be used in the settings;/);
    expect(unknown.body["message"]).toMatch(/^merge\.policies\.0\.element .* did you mean birthDate\?$/);
    expect(silent.status).toBe(400);
    expect([(await asOperator("GET")).statusCode, (await asOperator("PUT")).statusCode]).toEqual([200, 403]);
    expect((await askParent("GET", "/settings")).body).toMatchObject({ version: 0 });
  });

  it("say in which order the types are sent, and when all records are compared", async () => {
    await using pair = await openPair(dialect);
    const { ask } = pair;
    const set = (version: number, more: object) => ask("PUT", "/settings", { version, reason: "night line", ...more });

    const before = await ask("GET", "/settings");
    const first = await set(0, { push: { first: ["Flag", "Patient"] }, verify: { cron: "0 4 * * 0", repair: true } });
    const second = await set(1, { push: null });
    const wrong = await set(2, { push: { first: ["Flags"] } });
    const without = await set(2, { verify: { repair: true } });
    const listed = await ask("GET", "/configuration");
    const history = await ask("GET", "/settings/history");

    expect(adminEndpoints["GET /settings"].answer.parse(before.body)).toMatchObject({
      push: { first: { value: expect.arrayContaining(["Task", "Patient"]), from: "file" } },
      verify: { value: { cron: "17 2 * * *", repair: false }, from: "file", version: null },
    });
    expect(first.body).toMatchObject({
      push: { first: { value: ["Flag", "Patient"], from: "settings", version: 1 } },
      verify: { value: { cron: "0 4 * * 0", repair: true }, from: "settings", version: 1 },
    });
    expect(second.body).toMatchObject({ push: { first: { from: "file" } }, verify: { from: "settings", version: 1 } });
    expect([wrong.status, without.status]).toEqual([400, 400]);
    expect(wrong.body["message"]).toMatch(/^push\.first names what is no FHIR resource type/);
    expect(without.body["message"]).toMatch(/^verify\.cron is missing/);
    expect(listed.body["items"]).toContainEqual(expect.objectContaining({ key: "verify.cron", value: "0 4 * * 0" }));
    expect(adminEndpoints["GET /settings/history"].answer.parse(history.body)).toMatchObject({
      items: [
        { settings: { verify: { cron: "0 4 * * 0", repair: true } } },
        { settings: { push: { first: ["Flag", "Patient"] } } },
      ],
    });
  });

  it("put merge rules into another order, by which another one wins, and keep the order that there was", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask, askParent } = pair;
    const ours = { type: "Patient", element: "gender", policy: "parent-wins" };
    const theirs = { type: "Patient", element: "gender", policy: "child-wins" };
    const clash = async (id: string) => {
      await save(child, aPatient(id, { gender: "male" }));
      await ask("POST", "/push");
      await save(parent, aPatient(id, { gender: "female" }));
      await save(child, aPatient(id, { gender: "other" }));
      await ask("POST", "/push");
      return (await parent.store.read(parent.database, { type: "Patient", id }))?.body;
    };

    await askParent("PUT", "/settings", { version: 0, reason: "agreed", policies: [ours, theirs] });
    const before = await clash("p");
    const moved = await askParent("PUT", "/settings", { version: 1, reason: "turned", policies: [theirs, ours] });
    const after = await clash("q");
    const history = await askParent("GET", "/settings/history?order=asc");
    const trail = await askParent("GET", "/audit?outcome=settings&order=asc");

    expect(before).toContain("female");
    expect(moved.body).toMatchObject({ version: 2, policies: { value: [theirs, ours], version: 2 } });
    expect(after).toContain("other");
    expect(history.body["items"]).toMatchObject([
      { version: 1, reason: "agreed", settings: { policies: [ours, theirs] } },
      { version: 2, reason: "turned", settings: { policies: [theirs, ours] } },
    ]);
    expect(trail.body["entries"]).toMatchObject([
      { actor: "console", error: "agreed", versionAfter: 1 },
      { actor: "console", error: "turned", versionAfter: 2 },
    ]);
  });

  it("decide the next round of a running child, and the next merge of its parent", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask, askParent } = pair;
    await save(child, aPatient("p", { gender: "male" }));
    await ask("POST", "/push");
    await ask("PUT", "/settings", { version: 0, reason: "x", types: { pull: { exclude: ["Patient"] } } });
    await save(parent, aPatient("p", { gender: "female" }), aPatient("q"));
    const held = await ask("POST", "/pull");
    const policies = [{ type: "Patient", element: "gender", policy: "child-wins" }];
    await askParent("PUT", "/settings", { version: 0, reason: "x", policies });
    await save(child, aPatient("p", { gender: "other" }));
    const pushed = await ask("POST", "/push");
    await ask("PUT", "/settings", { version: 1, reason: "x", types: null });
    const pulled = await ask("POST", "/pull");

    expect(held.body).toMatchObject({ applied: 0, heldBack: 2 });
    expect(pushed.body).toMatchObject({ merged: 1, conflicts: 0 });
    expect(pulled.body).toMatchObject({ heldBack: 0 });
    const merged = await askParent("GET", "/records/Patient/p");
    expect(JSON.stringify(merged.body)).toContain("other");
  });
});
