import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { createUser, type Node, type UserRole } from "@tributary/runtime";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";
import { signInForTests } from "../../../testing/sign-in-for-tests.ts";

async function addUsers({ clock, random, database, id: nodeId }: Node) {
  const actor = { nodeId, author: "root", now: clock.now(), random };
  for (const [name, role] of [
    ["amina", "reviewer"],
    ["bo", "operator"],
    ["cy", "administrator"],
  ] as readonly [string, UserRole][]) {
    await createUser(database, { name, role, password: "a long sentence" }, actor);
  }
}

describeOnEachDatabase("to whom a conflict is assigned", (_, dialect) => {
  it("is one who may decide here, or whoever asks; others only when that is said, and are listed from then on", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask, askParent, servers } = pair;
    await addUsers(parent);
    await save(parent, aPatient("p", { birthDate: "1980-01-01" }));
    await ask("POST", "/pull", {});
    await save(parent, aPatient("p", { birthDate: "1981-01-01" }));
    await save(child, aPatient("p", { birthDate: "1982-01-01" }));
    await ask("POST", "/push", {});
    const listed = (await askParent("GET", "/conflicts")).body as { conflicts: { conflictId: string }[] };
    const assign = (assignee: string | null, more: object = {}) =>
      askParent("POST", `/conflicts/${listed.conflicts[0]?.conflictId}/assign`, { assignee, ...more });
    const reviewers = async (query = "") => (await askParent("GET", `/conflicts/reviewers${query}`)).body;

    const before = await reviewers();
    const refused = [await assign("bo"), await assign("nobody"), await assign("Amina")];
    const taken = [await assign("amina"), await assign("console"), await assign(null), await assign(" cy ")];
    const group = await assign("District records", { unlisted: true });
    const again = [await assign("amina"), await assign("District records")];

    expect(before).toEqual({
      items: [
        { name: "amina", role: "reviewer", open: 0 },
        { name: "cy", role: "administrator", open: 0 },
      ],
      next: null,
      total: 2,
    });
    expect(refused.map(({ status, body }) => [status, body["code"]])).toEqual(
      Array.from({ length: 3 }, () => [422, "RESOLUTION_REFUSED"]),
    );
    expect(refused[0]?.body["message"]).toMatch(/^No reviewer or administrator of this node has that name\./);
    expect(taken.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(taken.at(-1)?.body).toMatchObject({ kind: "assigned", conflict: { assignee: "cy" } });
    expect(group.status).toBe(200);
    expect(again.map(({ status }) => status)).toEqual([200, 422]);
    await assign("District records", { unlisted: true });
    expect(await reviewers("?sort=open&order=desc&limit=1")).toMatchObject({
      items: [{ name: "District records", role: null, open: 1 }],
      total: 3,
    });
    const amina = await signInForTests(parent, servers.parent, "reviewer");
    const watcher = await signInForTests(parent, servers.parent, "operator");
    expect((await amina("GET /conflicts/reviewers", { query: { q: "AMI" } })).items).toMatchObject([{ name: "amina" }]);
    await expect(watcher("GET /conflicts/reviewers")).rejects.toThrow();
  });
});
