import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { listAudit } from "@tributary/runtime";
import { moveAll } from "@tributary/sync/testing";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { signInForTests } from "../../../testing/sign-in-for-tests.ts";

type Pair = Awaited<ReturnType<typeof openPair>>;

/** Changes a patient's date of birth at both ends, and lets the two meet at the parent. */
async function clash({ parent, child, ask }: Pair): Promise<void> {
  await save(parent, aPatient("p", { birthDate: "1980-01-01" }));
  await ask("POST", "/pull", {});
  await save(parent, aPatient("p", { birthDate: "1981-01-01" }));
  await save(child, aPatient("p", { birthDate: "1982-01-01" }));
  await ask("POST", "/push", {});
  await moveAll(parent.database);
}

describeOnEachDatabase("mending by the admin API", (_, dialect) => {
  it("[S178] previews a decision, with what is wrong with it, and changes nothing", async () => {
    await using pair = await openPair(dialect);
    await clash(pair);
    const reviewer = await signInForTests(pair.parent, pair.servers.parent, "reviewer");
    const [conflict] = (await reviewer("GET /conflicts")).conflicts;
    const path = { id: conflict!.conflictId };

    const edit = await reviewer("POST /conflicts/:id/preview", { path, body: { take: "child" } });
    const wrong = await reviewer("POST /conflicts/:id/preview", { path, body: { value: { birthDate: "soon" } } });
    const same = await reviewer("POST /conflicts/:id/preview", { path, body: { take: "current" } });

    expect(edit).toEqual({
      outcome: "edit",
      body: aPatient("p", { birthDate: "1982-01-01" }),
      changes: [{ path: "Patient.birthDate", before: { birthDate: "1981-01-01" }, after: { birthDate: "1982-01-01" } }],
      issues: [],
    });
    expect(wrong).toMatchObject({
      outcome: "invalid",
      body: null,
      issues: [{ severity: "error", expression: "Patient.birthDate" }],
    });
    expect(same).toMatchObject({ outcome: "no-change", changes: [], issues: [] });
    expect((await reviewer("GET /conflicts/:id", { path })).conflict.state).toBe("open");
  });

  it("[S175] takes a decision back, and tells nobody its values or reasons who may not see people", async () => {
    await using pair = await openPair(dialect);
    await clash(pair);
    const { parent, servers } = pair;
    const reviewer = await signInForTests(parent, servers.parent, "reviewer");
    const viewer = await signInForTests(parent, servers.parent, "viewer");
    const [conflict] = (await reviewer("GET /conflicts")).conflicts;
    const path = { id: conflict!.conflictId };
    await reviewer("POST /conflicts/:id/resolve", { path, body: { take: "child", reason: "The card of Rose." } });
    const decided = await reviewer("GET /conflicts/:id", { path });
    const decidedForViewer = await viewer("GET /conflicts/:id", { path });

    const undone = await reviewer("POST /conflicts/:id/undo", { path, body: { reason: "It was Lily's." } });
    const again = await reviewer("POST /conflicts/:id/undo", { path, body: { reason: "It was Lily's." } });
    const after = await reviewer("GET /conflicts/:id", { path });
    const afterForViewer = await viewer("GET /conflicts/:id", { path });

    expect(decided.conflict.resolution?.change).toEqual({
      before: { birthDate: "1981-01-01" },
      after: { birthDate: "1982-01-01" },
    });
    expect(undone).toMatchObject({ kind: "undone", isChanged: true, conflict: { state: "open" } });
    expect(again).toMatchObject({ kind: "already-open", isChanged: false });
    expect(after.bodies.current).toMatchObject({ birthDate: "1981-01-01" });
    expect(after.conflict.undone).toMatchObject({ by: "a-reviewer", decidedBy: "a-reviewer", choice: "child" });
    expect(JSON.stringify([decidedForViewer, afterForViewer])).not.toMatch(/198\d-01-01|Rose|Lily/);
  });

  it("[S176] refuses to put a value back over an edit, and says what to do", async () => {
    await using pair = await openPair(dialect);
    await clash(pair);
    const { parent, servers } = pair;
    const reviewer = await signInForTests(parent, servers.parent, "reviewer");
    const [conflict] = (await reviewer("GET /conflicts")).conflicts;
    const path = { id: conflict!.conflictId };
    await reviewer("POST /conflicts/:id/resolve", { path, body: { take: "child", reason: "The card." } });
    await save(parent, aPatient("p", { birthDate: "1990-01-01" }));

    await expect(reviewer("POST /conflicts/:id/undo", { path, body: { reason: "No." } })).rejects.toMatchObject({
      status: 409,
      code: "RESOLUTION_REFUSED",
      message: expect.stringContaining("keepValue"),
    });
    expect(
      await reviewer("POST /conflicts/:id/undo", { path, body: { reason: "No.", keepValue: true } }),
    ).toMatchObject({ kind: "undone", isChanged: false, conflict: { state: "open" } });
  });

  it("[S180] edits a record of a failed unit for whoever may see it, and counts what failed", async () => {
    await using pair = await openPair(dialect);
    const { child, servers, ask } = pair;
    await save(child, aPatient("bad", { gender: "unheard-of" }));
    await ask("POST", "/push", {});
    const reviewer = await signInForTests(child, servers.child, "reviewer");
    const operator = await signInForTests(child, servers.child, "operator");
    const before = await operator("GET /failures/counts");
    const [failure] = (await operator("GET /failures")).failures;
    const path = { id: failure!.failureId };
    const edit = (body: Record<string, unknown>, version?: number) =>
      reviewer("POST /failures/:id/edit", { path, body: { body, ...(version === undefined ? {} : { version }) } });

    expect(before).toMatchObject({ total: 1, byClass: { invalid: 1, transient: 0 }, byKind: { push: 1, decision: 0 } });
    const good = aPatient("bad", { gender: "other" });
    await expect(operator("POST /failures/:id/edit", { path, body: { body: good } })).rejects.toMatchObject({
      status: 403,
    });
    await expect(edit(aPatient("bad", { gender: "odd" }))).rejects.toMatchObject({ code: "FAILURE_NOT_EDITED" });
    await expect(edit(aPatient("other"))).rejects.toMatchObject({ status: 422 });
    await expect(edit(good, 9)).rejects.toMatchObject({ status: 409 });
    await expect(edit(aPatient("bad", { gender: "unheard-of" }))).rejects.toMatchObject({ status: 422 });
    expect(await edit(good, 1)).toEqual({ edited: failure!.failureId, reference: "Patient/bad", version: 2 });

    const pushed = await operator("POST /push", { body: {} });
    expect(pushed).toMatchObject({ status: "complete" });
    expect(await operator("GET /failures/counts")).toMatchObject({ total: 0 });
  });

  it("[S67] tells the audit trail with a push that somebody asks for", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask } = pair;
    await save(child, aPatient("p"));

    const { body } = await ask("POST", "/push", {});
    const known = await parent.database.snapshot((reader) => listAudit(reader, { node: child.id }, { limit: 50 }));

    expect(body).toMatchObject({ status: "complete", audit: { status: "complete" } });
    expect(known.entries.length).toBeGreaterThan(0);
    expect((body["audit"] as { told: number }).told).toBe(known.entries.length);
  });
});
