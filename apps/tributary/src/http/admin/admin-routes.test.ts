import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { moveAll } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { createNodeServer } from "../node-server.ts";

describeOnEachDatabase("the admin API", (_, dialect) => {
  it("lets in nobody without a token, and says what is wrong as JSON", async () => {
    await using pair = await openPair(dialect);
    const { child, ask } = pair;
    await using server = createNodeServer(child);

    const stranger = await server.inject({ method: "POST", url: "/admin/v1/pause" });
    const wrong = [
      await ask("POST", "/pause", { reason: "" }),
      await ask("POST", "/pause", "{"),
      await ask("POST", "/sync-records", { references: ["Patient/a"], patient: "a" }),
      await ask("POST", "/sync-records", { search: "Patients?x=1" }),
      await ask("GET", "/audit?limit=many"),
      await ask("GET", "/audit?operation=nothing"),
      await ask("GET", "/conflicts?after=somewhere"),
      await ask("GET", "/conflicts?q=a%00b"),
      await ask("GET", "/failures?q=%00"),
    ];

    expect([stranger.statusCode, stranger.json()]).toMatchObject([401, { code: "UNAUTHORIZED" }]);
    expect(wrong.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400, 400, 400, 400]);
    expect(wrong[0]?.body).toEqual({
      code: "invalid",
      message: "What was sent cannot be used: reason (too_small).",
      told: { key: "request-unusable", values: { places: "reason (too_small)" } },
    });
    expect((await ask("GET", "/audit")).body).toMatchObject({ next: null });
  });

  it("pushes and pulls now, runs dry, pauses and resumes, each audited in the token's name", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask } = pair;
    await save(child, aPatient("own"));
    await save(parent, aPatient("theirs"));

    const dry = [await ask("POST", "/push", { dryRun: true }), await ask("POST", "/pull", { dryRun: true })];
    await ask("POST", "/pause", { directions: ["push"], reason: "repair" });
    const refused = await ask("POST", "/push");
    const pushed = await ask("POST", "/push", { evenIfPaused: true });
    await moveAll(parent.database);
    const pulled = await ask("POST", "/pull");
    const status = await ask("GET", "/status");
    const resumed = await ask("POST", "/resume", { directions: ["push"] });
    const audit = await ask("GET", "/audit?operation=configure&limit=1");
    const older = await ask("GET", `/audit?operation=configure&limit=1&after=${audit.body["next"]}`);

    expect(dry.map(({ body }) => body)).toMatchObject([
      { records: 1, byType: { Patient: { records: 1, size: 37 } } },
      { records: 1, byType: { Patient: { records: 1, size: 40 } } },
    ]);
    expect(refused).toMatchObject({ status: 409, body: { code: "SYNC_PAUSED" } });
    expect(String(refused.body["message"])).toMatch(/paused by console since .*: repair/);
    expect(pushed.body).toMatchObject({ status: "complete", pushed: 1 });
    expect(pulled.body).toMatchObject({ status: "complete", applied: 1 });
    expect(status.body).toMatchObject({
      node: "clinic",
      parent: { pauses: [{ direction: "push", reason: "repair" }] },
    });
    expect(resumed.body).toEqual({ pauses: [] });
    expect(audit.body).toMatchObject({ entries: [{ actor: "console", outcome: "push-resumed" }] });
    expect(older.body).toMatchObject({ entries: [{ actor: "console", outcome: "push-paused", error: "repair" }] });
  });

  it("previews and synchronizes chosen records, and tells a record's timeline", async () => {
    await using pair = await openPair(dialect);
    const { parent, ask } = pair;
    await save(parent, aPatient("a", { multipleBirthInteger: 2 }), aPatient("b"));

    const told = await ask("POST", "/sync-records", { patient: "a", direction: "pull", preview: true });
    const done = await ask("POST", "/sync-records", { patient: "a", direction: "pull" });
    const timeline = await ask("GET", "/timeline/Patient/a");
    const absent = await ask("GET", "/timeline/Patient/b");
    const audit = await ask("GET", "/audit?actor=console&reference=Patient/a");

    expect(told.body).toMatchObject({ records: [{ type: "Patient", id: "a", here: "created", there: "unchanged" }] });
    expect(done.body).toMatchObject({ status: "complete", results: [{ direction: "pull", outcome: "applied" }] });
    expect(timeline.body).toMatchObject({ entries: [{ version: 1, originNode: "centre", cameBy: "pull" }] });
    expect(absent).toMatchObject({ status: 404, body: { code: "not-found" } });
    expect(audit.body).toMatchObject({ entries: [{ operation: "manual", outcome: "applied" }] });
  });

  it("lists and decides conflicts at the parent, and lists, retries and discards failures at the child", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask, askParent } = pair;
    await save(parent, aPatient("m", { birthDate: "1980-01-01" }));
    await ask("POST", "/pull");
    await save(parent, aPatient("m", { birthDate: "1981-01-01" }));
    await save(child, aPatient("m", { birthDate: "1982-01-01" }));
    await save(child, aPatient("bad", { gender: "unheard-of" }));
    await ask("POST", "/push");

    const open = await askParent("GET", "/conflicts?limit=1");
    const [conflict] = open.body["conflicts"] as { conflictId: string }[];
    const next = await askParent("GET", `/conflicts?after=${open.body["next"]}`);
    const path = `/conflicts/${conflict?.conflictId}/resolve`;
    const refused = await askParent("POST", path, { value: { birthDate: "yesterday" }, reason: "typed" });
    const resolved = await askParent("POST", path, { take: "child", reason: "asked the family" });
    const unknown = await askParent("POST", "/conflicts/00000000/resolve", { take: "child", reason: "x" });
    const failures = await ask("GET", "/failures?limit=1");
    const [failure] = failures.body["failures"] as { failureId: string }[];
    const name = encodeURIComponent(failure?.failureId ?? "");
    const retried = await ask("POST", `/failures/${name}/retry`);
    await ask("POST", "/push");
    const discarded = await ask("POST", `/failures/${name}/discard`, { reason: "entered in error" });
    const gone = await ask("POST", `/failures/${encodeURIComponent("pull:Patient/x")}/retry`);

    expect(open.body).toMatchObject({ conflicts: [{ type: "Patient", id: "m" }] });
    expect(next.body).toEqual({ conflicts: [], next: null, queuedDecisions: 0, refusedDecisions: [] });
    expect(refused).toMatchObject({ status: 422, body: { code: "RESOLUTION_REFUSED" } });
    expect(resolved.body).toMatchObject({ kind: "resolved", conflict: { resolution: { by: "console" } } });
    expect(unknown.status).toBe(404);
    expect(failures.body).toMatchObject({ failures: [{ references: ["Patient/bad"] }], next: null });
    expect(JSON.stringify(failures.body)).not.toContain("not valid");
    expect(retried.body).toEqual({ retried: failure?.failureId });
    expect(discarded.body).toEqual({ discarded: failure?.failureId, references: ["Patient/bad"] });
    expect(gone.status).toBe(404);
    expect(await askParent("POST", "/push")).toMatchObject({ status: 409, body: { code: "CONFIG_INVALID" } });
  });
});
