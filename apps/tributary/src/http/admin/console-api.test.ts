import { type AdminEndpoint, adminEndpoints, endpointOf, type Role, roleMay, roles } from "@tributary/admin-api";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { makeSetupToken } from "@tributary/runtime";
import { moveAll } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { fetchOver, signInForTests } from "../../../testing/sign-in-for-tests.ts";

const json = { "content-type": "application/json" };
const names = Object.keys(adminEndpoints) as AdminEndpoint[];

/** A path that leads to an endpoint, and for a handler to nothing. */
function pathOf(name: AdminEndpoint): string {
  return `/admin/v1${(name.split(" ")[1] ?? "").replace(/:\w+/g, "none")}`;
}

describeOnEachDatabase("the console's API", (_, dialect) => {
  it("lets each role do what the table says and nothing else, and nobody anything who is not signed in", async () => {
    await using pair = await openPair(dialect);
    const { parent, servers } = pair;
    const clients = new Map<Role, Awaited<ReturnType<typeof signInForTests>>>();
    for (const role of roles) clients.set(role, await signInForTests(parent, servers.parent, role));
    const wrong: string[] = [];

    for (const name of names) {
      const { right } = endpointOf(name);
      const [method = "GET"] = name.split(" ");
      if (name === "GET /events") continue;
      const stranger = await servers.parent.inject({ method: method as "GET", url: pathOf(name), headers: json });
      if (right !== "anybody" && stranger.statusCode !== 401) wrong.push(`${name} by nobody: ${stranger.statusCode}`);
      for (const [role, ask] of clients) {
        if (roleMay(role, right)) continue;
        const input = { path: { id: "none", name: "none", node: "none" } } as never;
        const refused: unknown = await ask(name, input).then(
          () => "done",
          (error: { status?: number }) => error.status,
        );
        if (refused !== 403) wrong.push(`${name} by ${role}: ${String(refused)}`);
      }
    }

    expect(wrong).toEqual([]);
  });

  it("lets no session change anything without its CSRF token, nor by a form of another site", async () => {
    await using pair = await openPair(dialect);
    const { child, servers } = pair;
    const signedIn = await signInForTests(child, servers.child, "operator");
    await signedIn("POST /pause", { body: { reason: "as a page does" } });
    const entered = await servers.child.inject({
      method: "POST",
      url: "/admin/v1/session",
      headers: json,
      payload: JSON.stringify({ user: "a-operator", password: "a long sentence" }),
    });
    const cookie = String(entered.headers["set-cookie"]).split(";")[0] ?? "";

    const without = await servers.child.inject({ method: "POST", url: "/admin/v1/resume", headers: { cookie } });
    const other = { cookie, "x-tributary-csrf": "another" };
    const wrong = await servers.child.inject({ method: "POST", url: "/admin/v1/resume", headers: other });
    const form = await servers.child.inject({
      method: "POST",
      url: "/admin/v1/session",
      headers: { "content-type": "text/plain" },
      payload: JSON.stringify({ user: "a-operator", password: "a long sentence" }),
    });
    const status = await signedIn("GET /status");

    expect([without.statusCode, wrong.statusCode, form.statusCode]).toEqual([403, 403, 403]);
    expect(String(entered.headers["set-cookie"])).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(status.parent?.pauses).toHaveLength(2);
  });

  it("signs the first administrator in by the set-up link, and others by name and password, until they sign out", async () => {
    await using pair = await openPair(dialect);
    const { parent, servers } = pair;
    const ask = async (method: "GET" | "POST" | "DELETE", path: string, body?: unknown, headers = {}) =>
      servers.parent.inject({
        method,
        url: `/admin/v1${path}`,
        headers: { ...json, ...headers },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });

    const before = (await ask("GET", "/setup")).json();
    const wrong = await ask("POST", "/setup", { token: "guessed", user: "root", password: "a long sentence" });
    const token = await makeSetupToken(parent.database, parent);
    const made = await ask("POST", "/setup", { token, user: "root", password: "a long sentence" });
    const after = (await ask("GET", "/setup")).json();
    const refused = await ask("POST", "/session", { user: "root", password: "a wrong sentence" });
    const entered = await ask("POST", "/session", { user: "root", password: "a long sentence" });
    const cookie = String(entered.headers["set-cookie"]).split(";")[0];
    const { csrf } = entered.json() as { csrf: string };
    const seen = (await ask("GET", "/session", undefined, { cookie })).json();
    const left = await ask("DELETE", "/session", undefined, { cookie, "x-tributary-csrf": csrf });
    const gone = await ask("GET", "/session", undefined, { cookie });

    expect([before, after]).toEqual([{ needed: true }, { needed: false }]);
    expect([wrong.statusCode, refused.statusCode]).toEqual([403, 401]);
    expect(made.json()).toMatchObject({ user: "root", role: "administrator", language: "en" });
    expect(seen).toMatchObject({ user: "root", csrf });
    expect([left.json(), gone.statusCode]).toEqual([{ ended: true, goTo: null }, 401]);
  });

  it("answers as the contract says at a parent and at its child, for whoever may see everything", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, servers } = pair;
    const atParent = await signInForTests(parent, servers.parent, "administrator");
    const atChild = await signInForTests(child, servers.child, "administrator");
    await save(parent, aPatient("m", { birthDate: "1980-01-01", name: [{ family: "Achieng", given: ["Rose"] }] }));
    await atChild("POST /pull", { body: {} });
    await save(parent, aPatient("m", { birthDate: "1981-01-01", name: [{ family: "Achieng", given: ["Rose"] }] }));
    await save(child, aPatient("m", { birthDate: "1982-01-01", name: [{ family: "Achieng", given: ["Rose"] }] }));
    await save(child, aPatient("bad", { gender: "unheard-of" }));
    await atChild("POST /push", { body: {} });
    await moveAll(parent.database);

    const network = await atParent("GET /network", { query: { q: "clin" } });
    const childNetwork = await atChild("GET /network");
    const traffic = await atChild("GET /traffic", { query: { hours: 1 } });
    const { conflicts } = await atParent("GET /conflicts", { query: { type: "Patient", q: "patient/m" } });
    const conflictId = conflicts[0]?.conflictId ?? "";
    const detail = await atParent("GET /conflicts/:id", { path: { id: conflictId } });
    const assigned = await atParent("POST /conflicts/:id/assign", {
      path: { id: conflictId },
      body: { assignee: "joe", unlisted: true },
    });
    const ofJoe = await atParent("GET /conflicts", { query: { assignee: "joe" } });
    const ofNobody = await atParent("GET /conflicts", { query: { assignee: "-" } });
    const counts = await atParent("GET /conflicts/counts");
    const found = await atParent("GET /records", { query: { q: "achie" } });
    const byReference = await atParent("GET /records", { query: { q: "Patient/m" } });
    const record = await atChild("GET /records/:type/:id", { path: { type: "Patient", id: "m" } });
    const timeline = await atParent("GET /timeline/:type/:id", { path: { type: "Patient", id: "m" } });
    const audit = await atParent("GET /audit", { query: { reference: "Patient/m", limit: 2 } });
    const csv = await atParent("GET /audit/export", { query: { format: "csv", reference: "Patient/m" } });
    const verdict = await atParent("POST /audit/verify");
    const feeds = await atParent("GET /feeds");
    const page = await atParent("GET /feeds/:category/:page", { path: { category: "patient", page: "recent" } });
    const { failures, total } = await atChild("GET /failures", { query: { kind: "push", q: "bad" } });
    const none = await atChild("GET /failures", { query: { class: "transient" } });
    const failure = await atChild("GET /failures/:id", { path: { id: failures[0]?.failureId ?? "" } });
    const verified = await atChild("POST /verify", { body: {} });
    const alerts = await atParent("GET /alerts");
    const configuration = await atParent("GET /configuration");

    expect(network).toMatchObject({ node: "centre", role: "parent", parent: null, total: 1, next: null });
    expect(network.children).toMatchObject([{ node: "clinic", catchment: "everything" }]);
    expect(network.children[0]?.bytesToday).toBe(0);
    expect(childNetwork.parent).toMatchObject({ node: "centre", refused: 1 });
    expect(traffic.points.at(-1)?.requests).toBeGreaterThan(1);
    expect(detail).toMatchObject({
      parent: { node: "centre" },
      child: { node: "clinic" },
      isWithheld: false,
      bodies: { base: { birthDate: "1980-01-01" }, child: { birthDate: "1982-01-01" } },
    });
    expect(assigned.kind).toBe("assigned");
    expect([ofJoe.conflicts.length, ofNobody.conflicts.length]).toEqual([1, 0]);
    expect(counts.items).toMatchObject([{ element: "Patient.birthDate", open: 1 }]);
    expect(found.items).toMatchObject([{ id: "m", title: "Rose Achieng" }]);
    expect(byReference.items).toEqual(found.items);
    expect(record).toMatchObject({ type: "Patient", id: "m", isDeleted: false, tiers: [{ node: "centre" }] });
    expect(timeline.entries.length).toBeGreaterThan(1);
    expect(audit.entries).toHaveLength(2);
    expect(csv.split("\n")[0]).toMatch(/^node,position,at,actor/);
    expect(csv).toContain("Patient/m");
    expect(verdict.isSound).toBe(true);
    expect(feeds.items.map(({ category }) => category)).toEqual(["all", "conflict", "patient"]);
    expect(page.entries[0]).toMatchObject({ position: 1, reference: "Patient/m", category: "patient" });
    expect([total, none.total]).toEqual([1, 0]);
    expect(failure.records).toMatchObject([{ reference: "Patient/bad", body: { gender: "unheard-of" } }]);
    expect(failure.log.length).toBeGreaterThan(0);
    expect(verified.differences).toEqual([]);
    expect(alerts.items).toEqual([]);
    expect(configuration.items.find(({ key }) => key === "node.id")).toMatchObject({ value: "centre" });
  });

  it("shows nothing of people to a viewer or an operator, in lists or in details", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask, askParent, servers } = pair;
    const secrets = ["1981-01-01", "1982-01-01", "unheard-of", "typed by Rose"];
    await save(parent, aPatient("m", { birthDate: "1980-01-01" }));
    await ask("POST", "/pull");
    await save(parent, aPatient("m", { birthDate: "1981-01-01" }));
    await save(child, aPatient("m", { birthDate: "1982-01-01" }));
    await save(child, aPatient("bad", { gender: "unheard-of" }));
    await ask("POST", "/push");
    const open = (await askParent("GET", "/conflicts")).body["conflicts"] as { conflictId: string }[];
    const id = open[0]?.conflictId ?? "";

    for (const role of ["viewer", "operator"] as const) {
      const atParent = await signInForTests(parent, servers.parent, role);
      const atChild = await signInForTests(child, servers.child, role);
      const { failures } = await atChild("GET /failures");
      const shown: unknown[] = [
        await atParent("GET /conflicts"),
        await atParent("GET /conflicts/:id", { path: { id } }),
        await atChild("GET /failures/:id", { path: { id: failures[0]?.failureId ?? "" } }),
        await atParent("GET /audit"),
        await atParent("GET /network"),
        await atParent("GET /feeds/:category/:page", { path: { category: "all", page: "recent" } }),
      ];
      if (role === "operator") {
        shown.push(await atChild("POST /sync-records", { body: { references: ["Patient/m"], preview: true } }));
      }
      for (const secret of secrets) expect(JSON.stringify(shown)).not.toContain(secret);
    }
    const reviewer = await signInForTests(parent, servers.parent, "reviewer");
    const path = { path: { id } };
    const resolved = await reviewer("POST /conflicts/:id/resolve", {
      ...path,
      body: { take: "child", reason: "typed by Rose" },
    });
    const viewer = fetchOver(servers.parent);
    expect(resolved.conflict.resolution).toMatchObject({ by: "a-reviewer", choice: "child" });
    expect((await viewer("/admin/v1/conflicts")).status).toBe(401);
  });

  it("keeps users, children and catchments by the console, each audited under the administrator's name", async () => {
    await using pair = await openPair(dialect);
    const { parent, servers } = pair;
    const ask = await signInForTests(parent, servers.parent, "administrator");

    await ask("POST /users", { body: { name: "amina", role: "viewer", password: "a long sentence" } });
    const changed = await ask("PATCH /users/:name", {
      path: { name: "amina" },
      body: { role: "reviewer", language: "fr" },
    });
    const users = await ask("GET /users", { query: { limit: 1 } });
    const further = await ask("GET /users", { query: { limit: 1, after: users.next ?? "" } });
    await ask("DELETE /users/:name", { path: { name: "amina" } });
    const last = await ask("DELETE /users/:name", { path: { name: "a-administrator" } }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const rule = { any: [{ list: ["m"] }] };
    const preview = await ask("POST /catchments/preview", { body: { name: "north", rule } });
    await ask("PUT /catchments/:name", { path: { name: "north" }, body: { rule, reason: "a new clinic" } });
    const { items } = await ask("GET /catchments");
    const north = await ask("GET /catchments/:name", { path: { name: "north" } });
    const members = await ask("GET /catchments/:name/members", { path: { name: "north" } });
    await ask("POST /children/:node/catchment", { path: { node: "clinic" }, body: { catchment: "north" } });
    const code = await ask("POST /children", { body: { node: "clinic-2", catchment: "north" } });
    await ask("DELETE /children/:node", { path: { node: "clinic" } });
    const children = await ask("GET /children");
    const network = await ask("GET /network", { query: { state: "refused" } });
    const audit = await ask("GET /audit", { query: { actor: "a-administrator" } });

    expect(changed).toMatchObject({ role: "reviewer", language: "fr" });
    expect([users.items, further.items].flat().map(({ name }) => name)).toEqual(["a-administrator", "amina"]);
    expect(last).toMatchObject({ status: 400, code: "CONFIG_INVALID" });
    expect(preview).toMatchObject({ members: 0, entering: 0 });
    expect(items).toMatchObject([{ name: "north", version: 1, rule }]);
    expect(north.history).toMatchObject([{ setBy: "a-administrator", reason: "a new clinic" }]);
    expect(members.items).toEqual([]);
    expect(code.code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(children.items).toMatchObject([{ node: "clinic", catchment: "north", revokedAt: expect.any(Number) }]);
    expect(network).toMatchObject({ counts: { refused: 1 }, children: [{ node: "clinic", state: "refused" }] });
    const outcomes = audit.entries.map(({ outcome }) => outcome);
    for (const one of ["user-created-viewer", "user-removed", "catchment-north", "code-issued", "revoked"]) {
      expect(outcomes).toContain(one);
    }
  });
});
