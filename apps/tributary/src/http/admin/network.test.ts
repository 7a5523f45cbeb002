import type { NetworkAnswer, StatusAnswer } from "@tributary/admin-api";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { readLogIdentity } from "@tributary/events";
import { aPatient } from "@tributary/fhir/testing";
import { issueEnrolmentCode } from "@tributary/sync";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";

const signal = new AbortController().signal;

// A parent writes a child's marker down every five seconds at most.
const putMarker = sql("update child_nodes set marker_epoch = $1, marker_position = $2");
const putGrandchild = sql(
  "insert into child_nodes (node, public_key, enrolled_at, revoked_at) values ($1, '{}', 1, $2)",
);
const putSide = sql(`
  insert into stream_markers (parent, stream, epoch, position, head, moved_at) values ('centre', $1, 'e', $2, $3, 1)`);

describeOnEachDatabase("the network, as a parent sees it", (_, dialect) => {
  it("shows what a child tells of itself with the requests that it makes anyhow", async () => {
    await using pair = await openPair(dialect);
    const { child, parent, askParent } = pair;
    await save(parent, aPatient("from-above"));
    const synchronizer = await child.synchronizer();
    const look = async () => (await askParent("GET", "/network")).body as unknown as NetworkAnswer;
    const before = await look();

    await synchronizer?.pullOnce(signal);
    await save(parent, aPatient("another"));
    await parent.database.transaction(async (tx) => {
      const { epoch } = await readLogIdentity(tx);
      await tx.run(putMarker, [epoch, 1]);
    });
    const after = await look();

    expect(before.children[0]).toMatchObject({ state: "never-seen", toldAt: null, version: null, unsent: null });
    expect(after.children[0]).toMatchObject({
      node: "clinic",
      state: "behind",
      behind: 1,
      clockOffsetMs: expect.any(Number),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      unsent: 0,
      parked: 0,
      failed: 0,
      openConflicts: 0,
      children: 0,
    });
    expect(after.children[0]?.behindSince).toBeGreaterThan(0);
    expect(after.children[0]?.toldAt).toBeGreaterThan(0);
  });

  it("tells hubs from children that have none of their own", async () => {
    await using pair = await openPair(dialect);
    const { child, askParent } = pair;
    await child.database.transaction(async (tx) => {
      await tx.run(putGrandchild, ["post-1", null]);
      await tx.run(putGrandchild, ["post-2", 1]);
    });

    await (await child.synchronizer())?.pullOnce(signal);

    const { children } = (await askParent("GET", "/network")).body as unknown as NetworkAnswer;
    expect(children).toMatchObject([{ node: "clinic", children: 1 }]);
  });

  it("tells beside the records' stream how far the others are read, and which decisions wait", async () => {
    await using pair = await openPair(dialect);
    const { child, ask } = pair;
    await child.database.transaction(async (tx) => {
      await tx.run(putSide, ["conflicts", 3, 5]);
      await tx.run(putSide, ["metadata", 12, 12]);
    });

    const { parent } = (await ask("GET", "/status")).body as unknown as StatusAnswer;

    expect(parent).toMatchObject({
      decisions: { waiting: 0, refused: 0 },
      sides: [
        { stream: "conflicts", position: 3, head: 5, movedAt: 1 },
        { stream: "metadata", position: 12, head: 12, movedAt: 1 },
      ],
    });
  });

  it("says of a child that compares its records that it does, until it looks for news again", async () => {
    await using pair = await openPair(dialect);
    const { child, askParent, ask } = pair;
    const synchronizer = await child.synchronizer();
    await synchronizer?.pullOnce(signal);
    const states = async () => {
      const above = (await askParent("GET", "/network")).body as unknown as NetworkAnswer;
      const below = (await ask("GET", "/network")).body as unknown as NetworkAnswer;
      const isSeen = above.children[0]?.state === "verifying";
      return [isSeen, above.counts.verifying, below.parent?.state === "verifying"];
    };

    const before = await states();
    await synchronizer?.verifyOnce(signal);
    const verifying = await states();
    await synchronizer?.pullOnce(signal);

    expect([before, verifying, await states()]).toEqual([
      [false, 0, false],
      [true, 1, true],
      [false, 0, false],
    ]);
  });

  it("sorts, filters and pages the children at the server", async () => {
    await using pair = await openPair(dialect);
    const { parent, child, askParent } = pair;
    await (await child.synchronizer())?.pullOnce(signal);
    for (const node of ["post-1", "post-2", "post-3"]) {
      const { database, clock, random } = parent;
      await issueEnrolmentCode(database, { node: node as typeof parent.id, clock, random });
    }
    const list = async (query: string) => {
      const { body } = await askParent("GET", `/network?${query}`);
      const told = body as unknown as NetworkAnswer;
      return [told.children.map(({ node }) => node), told.total, told.next];
    };

    expect(await list("sort=version&order=desc")).toEqual([["clinic"], 1, null]);
    expect(await list("state=never-seen")).toEqual([[], 0, null]);
    expect(await list("q=CLIN&limit=1")).toEqual([["clinic"], 1, null]);
    expect((await askParent("GET", "/network?sort=password")).status).toBe(400);
    expect((await askParent("GET", "/children?sort=lastSeenAt&order=desc&access=enrolled")).body).toMatchObject({
      items: [{ node: "clinic" }],
      total: 1,
      next: null,
    });
    expect((await askParent("GET", "/children?access=revoked")).body).toMatchObject({ items: [], total: 0 });
  });
});
