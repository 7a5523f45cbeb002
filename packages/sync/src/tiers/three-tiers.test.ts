import { readAuditOfRecord } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { allFeed, readFeedHead } from "@tributary/events";
import { aPatient, saving } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import {
  counting,
  enrol,
  moveAll,
  type NodeForTests,
  oneRound,
  openThreeTiers,
  saying,
  type ThreeTiers,
  untilQuiet,
} from "../../testing/index.ts";
import { listConflictsOf } from "../conflict/conflicts.ts";
import type { Exchange } from "../line/exchange.ts";

const key = { type: "Patient", id: "p" };

function allOf({ root, hub, north, south, east }: ThreeTiers): NodeForTests[] {
  return [root, hub, north, south, east];
}

async function expectAlike(tiers: ThreeTiers): Promise<Record<string, string>> {
  const held = await tiers.root.bodies();
  for (const node of allOf(tiers)) expect(await node.bodies(), node.id).toEqual(held);
  return held;
}

async function headsOf(tiers: ThreeTiers): Promise<number[]> {
  return Promise.all(allOf(tiers).map(({ database }) => readFeedHead(database, allFeed)));
}

describeOnEachDatabase("three tiers", (open) => {
  it("[S83] bring a grandchild's change to the root and to leaves under other parents, and the root's to all", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, south, east } = tiers;
    await north.save(aPatient("from-north"));
    await east.save(aPatient("from-east"));
    await root.save(aPatient("from-root"));
    await hub.save(aPatient("from-hub"));

    await untilQuiet(tiers);
    await south.save(aPatient("from-north", { active: true }));
    await root.remove("Patient", "from-east");
    await untilQuiet(tiers);

    const held = await expectAlike(tiers);
    expect(Object.keys(held)).toEqual(["Patient/from-hub", "Patient/from-north", "Patient/from-root"]);
    expect(held["Patient/from-north"]).toContain("true");
  });

  it("[S83] send up what was here before the enrolment, whoever made it, and merge it without guessing", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await root.save(aPatient("p", { gender: "male" }));
    await north.save(aPatient("p", { gender: "female" }));

    await oneRound(north, hub);
    await untilQuiet(tiers);

    const conflicts = await listConflictsOf(root.database, "Patient", "p");
    expect(conflicts).toMatchObject([{ state: "open", element: { because: "no-base" } }]);
    await expectAlike(tiers);
  });

  it("[S83] keep what a child has when it is moved under another parent: that one gets what it does not have", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, east } = tiers;
    await hub.save(aPatient("below-the-hub"));
    await oneRound(north, hub);
    await enrol(north, root);

    const { pushed } = await oneRound(north, root);
    await oneRound(east, root);

    expect(pushed).toMatchObject({ status: "complete", pushed: 1 });
    expect(Object.keys(await east.bodies())).toEqual(["Patient/below-the-hub"]);
  });

  it("[S84] keep who first wrote a version, where, and under which operation, at every tier", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, east } = tiers;
    const written = { ...saving(aPatient("p")), author: "nurse" };
    await north.database.transaction((tx) => north.store.write(tx, [written]));
    await moveAll(north.database);
    await untilQuiet(tiers);

    const [atHub, atRoot, atEast] = await Promise.all(
      [hub, root, east].map(({ store, database }) => store.read(database, key)),
    );
    const [audited] = await readAuditOfRecord(root.database, "Patient/p", 9);

    const origin = { originNode: "north", originVersion: 1, originOperation: atHub?.originOperation };
    expect(atHub?.originOperation).toMatch(/^north\.[0-9a-f]+:1$/);
    expect([atHub, atRoot, atEast]).toMatchObject([origin, origin, origin]);
    expect([atHub?.author, atRoot?.author]).toEqual(["nurse", "nurse"]);
    expect(audited).toMatchObject({ actor: "hub", link: "hub", outcome: "applied" });
    expect(audited?.operationId).toMatch(/^hub\./);
  });

  it.each(["root", "east"])(
    "[S85] count as the sender's own what it says it has from a node that it cannot speak for (%s)",
    async (claimed) => {
      await using tiers = await openThreeTiers(open);
      const { root, hub, north } = tiers;
      await north.save(aPatient("p"));
      await oneRound(north, hub);
      const forging: Exchange = (request, signal) =>
        root.answer(saying(request, (request.body ?? "").replace('["north",', `["${claimed}",`)), signal);

      await oneRound(hub, root, forging);

      expect(await root.store.read(root.database, key)).toMatchObject({ originNode: "hub" });
    },
  );

  it("[S85] refuse a request whose origin is none", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await north.save(aPatient("p"));
    await oneRound(north, hub);
    const damaging: Exchange = (request, signal) =>
      root.answer(saying(request, (request.body ?? "").replace('["north",', '["../north",')), signal);

    const { pushed } = await oneRound(hub, root, damaging);

    expect(pushed).toMatchObject({ status: "partial", pushed: 0, delayed: 1 });
    expect(await root.bodies()).toEqual({});
  });

  it("[S86] merge edits of two leaves at their hub, and the root gets the merge", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north, south } = tiers;
    await root.save(aPatient("p", { gender: "male", birthDate: "1980-01-01" }));
    await untilQuiet(tiers);
    await north.save(aPatient("p", { gender: "female", birthDate: "1980-01-01" }));
    await south.save(aPatient("p", { gender: "other", birthDate: "1981-01-01" }));

    await untilQuiet(tiers);

    expect(await listConflictsOf(hub.database, "Patient", "p")).toMatchObject([
      { element: { path: "Patient.gender" }, theirNode: "south" },
    ]);
    expect(await listConflictsOf(root.database, "Patient", "p")).toEqual([]);
    expect((await expectAlike(tiers))["Patient/p"]).toContain("1981-01-01");
  });

  it("[S86] merge at the root what a hub relayed, and the merge reaches the leaf that wrote it", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, north, east } = tiers;
    await root.save(aPatient("p", { gender: "male", birthDate: "1980-01-01" }));
    await untilQuiet(tiers);
    await east.save(aPatient("p", { gender: "male", birthDate: "1981-01-01" }));
    await north.save(aPatient("p", { gender: "female", birthDate: "1982-01-01" }));
    await oneRound(east, root);

    await untilQuiet(tiers);

    expect(await listConflictsOf(root.database, "Patient", "p")).toMatchObject([
      { element: { path: "Patient.birthDate" }, theirNode: "hub" },
    ]);
    const held = await expectAlike(tiers);
    expect(JSON.parse(held["Patient/p"]!)).toMatchObject({ gender: "female", birthDate: "1981-01-01" });
  });

  it("[S86] merge what a leaf sends while the hub's own push of the record is on its way", async () => {
    await using tiers = await openThreeTiers(open);
    const { root, hub, north } = tiers;
    await root.save(aPatient("p", { gender: "male" }));
    await untilQuiet(tiers);
    await hub.save(aPatient("p", { gender: "male", birthDate: "1980-01-01" }));
    await root.save(aPatient("p", { gender: "male", active: true }));
    await north.save(aPatient("p", { gender: "female" }));
    const line: Exchange = async (request, signal) => {
      const answer = await root.answer(request, signal);
      if (request.url.pathname.endsWith("/push")) await oneRound(north, hub);
      return answer;
    };
    await oneRound(hub, root, line);

    await untilQuiet(tiers);

    const held = await expectAlike(tiers);
    expect(JSON.parse(held["Patient/p"]!)).toMatchObject({ gender: "female", birthDate: "1980-01-01", active: true });
    expect(await listConflictsOf(root.database, "Patient", "p")).toEqual([]);
  });

  it("[S87] are silent once they are alike: one request a link, and nothing written", async () => {
    await using tiers = await openThreeTiers(open);
    await tiers.north.save(aPatient("n"), aPatient("shared"));
    await untilQuiet(tiers);
    await tiers.south.save(aPatient("shared", { active: true }));
    await tiers.east.save(aPatient("shared", { active: false }));
    await untilQuiet(tiers);
    const before = await headsOf(tiers);

    const requests: number[] = [];
    for (const { child, parent } of tiers.links) {
      const line = counting(parent.answer);
      await oneRound(child, parent, line);
      requests.push(line.paths.length);
    }

    expect(requests).toEqual([1, 1, 1, 1]);
    expect(await headsOf(tiers)).toEqual(before);
  });
});
