import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adminEndpoints } from "@tributary/admin-api";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { requestEnrolment, takeEnrolment, writeEnrolmentFile } from "@tributary/sync";
import { expect, it } from "vitest";
import { openPair } from "../../../testing/open-pair.ts";

const contest = sql(`
  insert into child_instances (node, instance, former, incarnation, contested_at) values ($1, 'copy', '["first"]', '', 7)
  on conflict (node) do update set instance = excluded.instance, former = excluded.former, contested_at = 7`);

describeOnEachDatabase("children over the admin API", (_, dialect) => {
  it("of which two are at work are told with their installations, until one is let in, audited", async () => {
    await using pair = await openPair(dialect);
    const { parent, askParent } = pair;
    const none = await askParent("GET", "/children/clinic/clones");
    await parent.database.transaction((tx) => tx.run(contest, ["clinic"]));

    const told = await askParent("GET", "/children/clinic/clones");
    const unknown = await askParent("POST", "/children/clinic/clones", { instance: "third" });
    const accepted = await askParent("POST", "/children/clinic/clones", { instance: "first" });
    const after = await askParent("GET", "/children/clinic/clones");
    const trail = await askParent("GET", "/audit?outcome=clone-accepted");

    expect([none.status, unknown.status, after.status]).toEqual([404, 404, 404]);
    expect(adminEndpoints["GET /children/:node/clones"].answer.parse(told.body)).toEqual({
      node: "clinic",
      contestedAt: 7,
      instances: ["copy", "first"],
    });
    expect(accepted.body).toEqual({ node: "clinic", instance: "first" });
    expect(trail.body).toMatchObject({ entries: [{ actor: "console", link: "clinic", operationId: "first" }] });
  });

  it("without a line come in by hand: what their file says goes in, what goes into the file for them comes out", async () => {
    await using pair = await openPair(dialect);
    const { child, ask, askParent } = pair;
    const folder = await mkdtemp(join(tmpdir(), "by-hand-"));
    try {
      const file = join(folder, "request.json");
      const invited = await askParent("POST", "/children", { node: "clinic" });
      const code = String(invited.body["code"]);
      const here = { database: child.database, nodeId: child.id, clock: child.clock };
      await requestEnrolment(here, code, file);
      const request = JSON.parse(await readFile(file, "utf8")) as object;

      const accepted = await askParent("POST", "/children/by-hand", { request });
      const nonsense = await askParent("POST", "/children/by-hand", { request: { request: 5 } });
      const forged = await askParent("POST", "/children/by-hand", { request: { ...request, proof: "none" } });
      const atChild = await ask("POST", "/children/by-hand", { request });
      const trail = await askParent("GET", "/audit?outcome=accepted-by-hand");
      const answerFile = join(folder, "answer.json");
      const { answer } = adminEndpoints["POST /children/by-hand"].answer.parse(accepted.body);
      await writeEnrolmentFile(answerFile, answer);

      expect(await takeEnrolment(here, code, answerFile)).toBe("centre");
      expect(accepted.body).toMatchObject({ node: "clinic" });
      expect(nonsense).toMatchObject({ status: 422, body: { code: "CARRIED_FILE_REFUSED" } });
      expect(forged).toMatchObject({ status: 403, body: { code: "ENROLMENT_REFUSED" } });
      expect(atChild.status).toBe(400);
      expect(trail.body).toMatchObject({ entries: [{ actor: "console", operation: "enrol", link: "clinic" }] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("may all have records of the types that an administrator names, and the usual ones again", async () => {
    await using pair = await openPair(dialect);
    const { askParent } = pair;

    const usual = await askParent("GET", "/metadata-types");
    const set = await askParent("PUT", "/metadata-types", { types: ["Location", "Device"], reason: "agreed" });
    const wrong = await askParent("PUT", "/metadata-types", { types: ["Locations"] });
    const back = await askParent("PUT", "/metadata-types", { types: null });
    const trail = await askParent("GET", "/audit?outcome=metadata-types");

    expect(usual.body).toMatchObject({ types: expect.arrayContaining(["Location", "ValueSet"]), isStandard: true });
    expect(set.body).toEqual({ types: ["Location", "Device"], isStandard: false });
    expect(wrong).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^Locations: there is no such/) },
    });
    expect(back.body).toEqual(usual.body);
    expect(trail.body).toMatchObject({
      entries: [
        { actor: "console", operation: "configure" },
        { actor: "console", error: "agreed" },
      ],
    });
  });

  it("that have every record are told beside the catchments, and those of a catchment with its preview", async () => {
    await using pair = await openPair(dialect);
    const { askParent } = pair;

    const before = await askParent("GET", "/catchments");
    const rule = { cohort: "Group/lake" };
    const set = await askParent("PUT", "/catchments/lake", { rule });
    const unknown = [
      await askParent("POST", "/children/clinic/catchment", { catchment: "sea" }),
      await askParent("GET", "/catchments/sea"),
      await askParent("GET", "/catchments/sea/members"),
      await askParent("POST", "/children", { node: "clinic-2", catchment: "sea" }),
    ];
    await askParent("POST", "/children/clinic/catchment", { catchment: "lake" });
    const after = await askParent("GET", "/catchments");
    const preview = await askParent("POST", "/catchments/preview", { name: "lake", rule });

    expect(before.body).toMatchObject({ items: [], everything: { children: ["clinic"] } });
    expect(set.body).toEqual({ name: "lake", version: 1 });
    expect(unknown.map(({ status, body }) => [status, body["code"]])).toEqual(
      unknown.map(() => [404, "CATCHMENT_REFUSED"]),
    );
    expect(after.body).toMatchObject({ items: [{ name: "lake", children: ["clinic"] }], everything: { children: [] } });
    expect(preview.body).toMatchObject({ children: ["clinic"], members: 0 });
  });
});
