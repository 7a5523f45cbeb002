import { readLatestAudit } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { type Clock, type NodeId, seededRandom, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { cutting, enrol, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import { listChildNodes, noteChildSeen, revokeChildNode } from "./child-nodes.ts";
import { enrolWithParent } from "./enrol-with-parent.ts";
import { issueEnrolmentCode } from "./enrolment-code.ts";
import { newNodeKey } from "./node-key.ts";
import { openTokenSource } from "./node-token.ts";
import { readParentLink } from "./parent-link.ts";

const live = new AbortController().signal;
const parentUrl = "http://parent.test";
const hour = 3_600_000;

const clockAhead = (offsetMs: number): Clock => ({ ...systemClock, now: () => Date.now() + offsetMs });

async function openTwo(open: () => Promise<Database>, childClock = systemClock) {
  const [parentDatabase, childDatabase] = [await open(), await open()];
  return {
    parent: await openNodeForTests(parentDatabase, "centre"),
    child: await openNodeForTests(childDatabase, "clinic", childClock),
    async [Symbol.asyncDispose]() {
      await parentDatabase.close();
      await childDatabase.close();
    },
  };
}

describeOnEachDatabase("enrolment", (open) => {
  it("[S16] makes the named node a child with a key of its own", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;

    await enrol(child, parent);

    expect(await readParentLink(child.database)).toMatchObject({ parent: "centre", stream: "everything" });
    expect(await listChildNodes(parent.database)).toMatchObject([{ node: "clinic", revokedAt: null }]);
    const common = { operation: "enrol", outcome: "applied" };
    expect(await readLatestAudit(parent.database, 9)).toMatchObject([{ ...common, actor: "clinic", link: "clinic" }]);
    expect(await readLatestAudit(child.database, 9)).toMatchObject([{ ...common, actor: "clinic", link: "centre" }]);
  });

  it("remembers how far a child has read, also when its later requests do not say", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    await enrol(child, parent);

    await parent.database.transaction((tx) => noteChildSeen(tx, "clinic", 1_000, { epoch: "e", position: 7 }));
    await parent.database.transaction((tx) => noteChildSeen(tx, "clinic", 2_000, undefined));

    const known = { node: "clinic", lastSeenAt: 2_000, markerEpoch: "e", markerPosition: 7 };
    expect(await listChildNodes(parent.database)).toMatchObject([known]);
  });

  it("knows how far a child has read that always sends before it asks", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    await enrol(child, parent);
    await using synchronizer = synchronizerOf(child, parent.answer);

    for (const id of ["p1", "p2"]) {
      await child.save(aPatient(id));
      await synchronizer.pushOnce(live);
      await synchronizer.pullOnce(live);
    }

    const [known] = await listChildNodes(parent.database);
    expect(known).toMatchObject({ markerEpoch: expect.any(String), markerPosition: expect.any(Number) });
  });

  it("[S16] refuses a code that was never issued, is used up, belongs to another node, or is too old", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    const issue = (node: string, validForMs: number, seed: number) =>
      issueEnrolmentCode(parent.database, {
        node: node as NodeId,
        validForMs,
        clock: systemClock,
        random: seededRandom(seed),
      });
    const used = await issue("clinic", hour, 1);
    const others = await issue("other-clinic", hour, 2);
    const old = await issue("clinic", -1, 3);
    const say = (code: string, database = child.database) =>
      enrolWithParent({ database, nodeId: child.id, clock: systemClock, exchange: parent.answer, code, parentUrl });
    await say(used.code);

    await using stranger = await openTwo(open);

    await expect(say("0000-0000-0000-0000")).rejects.toMatchObject({ code: "ENROLMENT_REFUSED" });
    await expect(say(used.code, stranger.child.database)).rejects.toThrow("has been used");
    await expect(say(others.code)).rejects.toThrow("issued for node other-clinic");
    await expect(say(old.code)).rejects.toThrow("time is over");
    expect(await listChildNodes(parent.database)).toHaveLength(1);
  });

  it("[S16] lets the same node say its code again when the answer was lost", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    const { code } = await issueEnrolmentCode(parent.database, {
      node: child.id,
      clock: systemClock,
      random: seededRandom(4),
    });
    const line = cutting(parent.answer, (_, count) => (count === 1 ? "after" : undefined));
    const say = () =>
      enrolWithParent({
        database: child.database,
        nodeId: child.id,
        clock: systemClock,
        exchange: line,
        code,
        parentUrl,
      });

    await expect(say()).rejects.toMatchObject({ code: "REMOTE_UNAVAILABLE" });
    await say();

    await using synchronizer = synchronizerOf(child, parent.answer);
    expect(await synchronizer.pullOnce(live)).toMatchObject({ status: "complete" });
  });

  it("[S16] reads a code whatever its case, dashes and look-alike letters", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    const { code } = await issueEnrolmentCode(parent.database, {
      node: child.id,
      clock: systemClock,
      random: seededRandom(5),
    });
    const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");

    const link = await enrolWithParent({
      database: child.database,
      nodeId: child.id,
      clock: systemClock,
      exchange: parent.answer,
      code: typed,
      parentUrl,
    });

    expect(link.parent).toBe("centre");
  });

  it("[S17] answers nobody without a token, with another's key, or to another parent", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    await enrol(child, parent);
    await parent.save(aPatient("secret"));
    const thief = newNodeKey().privateKey;
    const own = (await readParentLink(child.database))!.privateKey;
    const tokenOf = (node: string, audience: string, privateKey = thief) =>
      openTokenSource({ node, parent: audience, privateKey, clockOffsetMs: 0, clock: systemClock }).token();
    const ask = async (authorization: string | undefined) => {
      const answers = [
        await parent.answer(
          {
            method: "GET",
            url: new URL(`${parentUrl}/sync/v1/streams/everything/recent`),
            headers: authorization ? { authorization } : {},
          },
          live,
        ),
        await parent.answer(
          {
            method: "POST",
            url: new URL(`${parentUrl}/sync/v1/read`),
            headers: authorization ? { authorization } : {},
            body: '{"stream":"everything","maxBytes":9999,"records":[["Patient","secret"]]}',
          },
          live,
        ),
      ];
      return answers.map(({ status, body }) => [status, Buffer.from(body).toString().includes("secret")]);
    };

    const refused = [
      [401, false],
      [401, false],
    ];
    expect(await ask(undefined)).toEqual(refused);
    expect(await ask("Bearer x.y.z")).toEqual(refused);
    expect(await ask(`Bearer ${await tokenOf("clinic", "centre")}`)).toEqual(refused);
    expect(await ask(`Bearer ${await tokenOf("nobody", "centre", own)}`)).toEqual(refused);
    expect(await ask(`Bearer ${await tokenOf("clinic", "other-parent", own)}`)).toEqual(refused);
    expect(await ask(`Bearer ${await tokenOf("clinic", "centre", own)}`)).toEqual([
      [200, true],
      [200, true],
    ]);
  });

  it("[S17] refuses a revoked node at once, and its status says so", async () => {
    await using two = await openTwo(open);
    const { parent, child } = two;
    await enrol(child, parent);
    await using synchronizer = synchronizerOf(child, parent.answer);
    await synchronizer.pullOnce(live);

    await parent.database.transaction((tx) => revokeChildNode(tx, "clinic", Date.now()));
    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "refused", error: { code: "REMOTE_REFUSED" } });
  });

  it.each([
    ["ten years ahead", 10 * 365 * 24 * hour],
    ["ten years behind", -10 * 365 * 24 * hour],
    ["seven minutes ahead", 7 * 60_000],
  ])("[S18] works with a child's clock %s, also when it jumps later", async (_, offsetMs) => {
    let jump = 0;
    await using two = await openTwo(open, { ...clockAhead(0), now: () => Date.now() + offsetMs + jump });
    const { parent, child } = two;
    await enrol(child, parent);
    await parent.save(aPatient("p1"));
    await using synchronizer = synchronizerOf(child, parent.answer);

    const first = await synchronizer.pullOnce(live);
    jump = -2 * offsetMs;
    await parent.save(aPatient("p2"));
    const second = await synchronizer.pullOnce(live);

    expect([first.status, second.status]).toEqual(["complete", "complete"]);
    expect(await child.bodies()).toEqual(await parent.bodies());
    const link = await readParentLink(child.database);
    expect(Math.abs((link?.clockOffsetMs ?? 0) - offsetMs)).toBeLessThan(10_000);
  });
});
