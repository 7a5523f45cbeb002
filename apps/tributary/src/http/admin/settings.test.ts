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

    expect(wrong).toMatchObject({ status: 400, body: { code: "CONFIG_INVALID" } });
    expect(wrong.body["message"]).toMatch(/^push\.everySeconds is a number that cannot be used in the settings;/);
    expect(unknown.body["message"]).toMatch(/^merge\.policies\.0\.element .* did you mean birthDate\?$/);
    expect(silent.status).toBe(400);
    expect([(await asOperator("GET")).statusCode, (await asOperator("PUT")).statusCode]).toEqual([200, 403]);
    expect((await askParent("GET", "/settings")).body).toMatchObject({ version: 0 });
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
