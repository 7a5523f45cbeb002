import { readAuditOfRecord } from "@tributary/audit";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { allFeed, readFeedHead, readFeedRange } from "@tributary/events";
import { aPatient, saving } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  moveAll,
  type NodeForTests,
  openThreeNodes,
  saying,
  synchronizerOf,
} from "../../testing/index.ts";
import { listConflictsOf, listOpenConflicts } from "../conflict/conflicts.ts";
import type { Exchange } from "../line/exchange.ts";

const live = new AbortController().signal;

/** One whole round, over and over while the line breaks it off. */
async function syncThrough(child: NodeForTests, parent: NodeForTests, line: Exchange = parent.answer, attemptsMax = 1) {
  await using synchronizer = synchronizerOf(child, line);
  for (let attempt = 1; ; attempt++) {
    const pushed = await synchronizer.pushOnce(live);
    await moveAll(parent.database);
    const pulled = pushed.error ? undefined : await synchronizer.pullOnce(live);
    await moveAll(child.database);
    if (pulled && !pulled.error) return { pushed, pulled, attempt };
    if (attempt === attemptsMax)
      throw new Error(`The round did not end: ${pushed.error?.message ?? pulled?.error?.message}`);
  }
}

async function numbersOf(node: NodeForTests): Promise<Record<string, unknown>> {
  const bodies = await node.bodies();
  return Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, JSON.parse(body) as unknown]));
}

describeOnEachDatabase("a push", (open) => {
  it("[S30] brings a child's own records to the parent and through it to the other children", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await north.save(aPatient("n1"), aPatient("n2"));
    await south.save(aPatient("s1"));

    const first = await syncThrough(north, parent);
    await syncThrough(south, parent);
    await syncThrough(north, parent);

    expect(first.pushed).toMatchObject({ status: "complete", pushed: 2, merged: 0, queued: 0 });
    const held = await parent.bodies();
    expect(Object.keys(held)).toEqual(["Patient/n1", "Patient/n2", "Patient/s1"]);
    expect(await north.bodies()).toEqual(held);
    expect(await south.bodies()).toEqual(held);
  });

  it("[S30] keeps where a record was made, on every node that it reaches", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await north.save(aPatient("n1"));
    await syncThrough(north, parent);
    await syncThrough(south, parent);

    const key = { type: "Patient", id: "n1" };
    const [there, further] = [
      await parent.store.read(parent.database, key),
      await south.store.read(south.database, key),
    ];

    expect(there).toMatchObject({ originNode: "north", originVersion: 1 });
    expect(further).toMatchObject({ originNode: "north", originOperation: there?.originOperation });
  });

  it("[S31] merges edits of different elements, and both sites end with both", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await parent.save(aPatient("p", { birthDate: "1980-01-01", gender: "female" }));
    await syncThrough(north, parent);
    await syncThrough(south, parent);
    await north.save(aPatient("p", { birthDate: "1980-01-02", gender: "female" }));
    await south.save(aPatient("p", { birthDate: "1980-01-01", gender: "other" }));

    await syncThrough(north, parent);
    const { pushed } = await syncThrough(south, parent);
    await syncThrough(north, parent);

    expect(pushed).toMatchObject({ merged: 1, conflicts: 0 });
    const merged = { "Patient/p": { resourceType: "Patient", id: "p", birthDate: "1980-01-02", gender: "other" } };
    expect(await numbersOf(parent)).toEqual(merged);
    expect(await numbersOf(north)).toEqual(merged);
    expect(await numbersOf(south)).toEqual(merged);
  });

  it("[S32] keeps both values of an element that two sites changed differently, and nothing waits", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await parent.save(aPatient("p", { birthDate: "1980-01-01" }));
    await syncThrough(north, parent);
    await syncThrough(south, parent);
    await north.save(aPatient("p", { birthDate: "1981-01-01" }));
    await south.save(aPatient("p", { birthDate: "1982-01-01" }));

    await syncThrough(north, parent);
    const { pushed, pulled } = await syncThrough(south, parent);
    await syncThrough(north, parent);

    expect(pushed).toMatchObject({ status: "complete", merged: 1, conflicts: 1 });
    expect(pulled.waiting).toBe(0);
    const [conflict] = await listOpenConflicts(parent.database, 10);
    expect(conflict).toMatchObject({
      type: "Patient",
      id: "p",
      theirNode: "south",
      element: {
        path: "Patient.birthDate",
        base: { birthDate: "1980-01-01" },
        mine: { birthDate: "1981-01-01" },
        theirs: { birthDate: "1982-01-01" },
      },
    });
    expect(await north.bodies()).toEqual(await parent.bodies());
    expect(await south.bodies()).toEqual(await parent.bodies());
  });

  it("[S32] keeps an edit that meets a deletion, and says so", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await parent.save(aPatient("p", { gender: "male" }));
    await syncThrough(north, parent);
    await syncThrough(south, parent);
    await north.remove("Patient", "p");
    await south.save(aPatient("p", { gender: "female" }));

    await syncThrough(north, parent);
    await syncThrough(south, parent);
    await syncThrough(north, parent);

    expect(await numbersOf(parent)).toMatchObject({ "Patient/p": { gender: "female" } });
    expect(await north.bodies()).toEqual(await parent.bodies());
    expect(await listConflictsOf(parent.database, "Patient", "p")).toMatchObject([{ state: "open" }]);
  });

  it("[S33] takes effect once, whichever requests and answers are lost", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aPatient("shared", { gender: "male" }));
    await syncThrough(north, parent);
    for (let n = 0; n < 5; n++) await north.save(aPatient(`n${n}`, { multipleBirthInteger: n }));
    await north.save(aPatient("shared", { gender: "female" }));
    await parent.save(aPatient("shared", { gender: "male", active: true }));
    const cuts = new Set<string>();
    const line = cutting(parent.answer, (request) => {
      const key = request.url.href + (request.body ?? "");
      if (cuts.has(`${key} after`)) return undefined;
      const moment = cuts.has(`${key} before`) ? "after" : "before";
      cuts.add(`${key} ${moment}`);
      return moment;
    });

    const { attempt } = await syncThrough(north, parent, line, 30);

    expect(attempt).toBeGreaterThan(3);
    expect(await north.bodies()).toEqual(await parent.bodies());
    const entries = await readFeedRange(parent.database, allFeed, 1, await readFeedHead(parent.database, allFeed));
    expect(entries.map(({ record }) => `${record.entityId} ${record.version}`).toSorted()).toEqual(
      ["n0 1", "n1 1", "n2 1", "n3 1", "n4 1", "shared 1", "shared 2", "shared 3"].toSorted(),
    );
    expect(await readAuditOfRecord(parent.database, "Patient/shared", 9)).toMatchObject([{ operation: "merge" }]);
  });

  it("[S33] leaves a unit whole or absent when the parent fails in the middle of it", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aPatient("n1"), aPatient("n2"));
    const transaction = parent.database.transaction.bind(parent.database);
    let failures = 0;
    parent.database.transaction = (work) =>
      transaction(async (tx) => {
        const result = await work(tx);
        if (failures === 0 && (await parent.store.read(tx, { type: "Patient", id: "n1" }))) {
          failures += 1;
          throw new Error("the power failed before the commit");
        }
        return result;
      });
    await using synchronizer = synchronizerOf(north, parent.answer);

    await expect(synchronizer.pushOnce(live)).rejects.toThrow("the power failed");
    const nothing = await parent.bodies();
    const again = await synchronizer.pushOnce(live);

    expect(nothing).toEqual({});
    expect(again).toMatchObject({ status: "complete", pushed: 2 });
  });

  it("[S34] never sends what came from the parent, and nothing once both are in step", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aPatient("p1"), aPatient("p2"));
    await north.save(aPatient("n1"));
    await syncThrough(north, parent);
    await syncThrough(north, parent);
    const head = await readFeedHead(parent.database, allFeed);
    const line = counting(parent.answer);

    const { pushed, pulled } = await syncThrough(north, parent, line);

    expect(pushed).toMatchObject({ requests: 0, pushed: 0 });
    expect(pulled).toMatchObject({ requests: 1, applied: 0 });
    expect(await readFeedHead(parent.database, allFeed)).toBe(head);
  });

  it("[S35] refuses an invalid unit as a whole, keeps it with its reason, and takes the others", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.database.transaction((tx) =>
      north.store.write(tx, [saving(aPatient("bad", { gender: "unheard-of" })), saving(aPatient("beside"))]),
    );
    await north.save(aPatient("good"));

    const { pushed } = await syncThrough(north, parent);

    expect(pushed).toMatchObject({ status: "partial", pushed: 1, rejected: 2, refused: 1 });
    expect(Object.keys(await parent.bodies())).toEqual(["Patient/good"]);
    expect(Object.keys(await north.bodies())).toEqual(["Patient/bad", "Patient/beside", "Patient/good"]);
  });

  it("[S31] takes no version for the base that was written under its number after a restore", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aPatient("p", { gender: "female" }));
    await syncThrough(north, parent);
    // The child has agreed on version 2; the parent has lost that one, and has written another.
    await north.database.transaction((tx) => tx.run(sql("update link_bases set remote_version = 2")));
    await parent.save(aPatient("p", { gender: "female", birthDate: "1984-02-29" }));
    await north.save(aPatient("p", { gender: "female", active: true }));

    await syncThrough(north, parent);

    const kept = (await parent.bodies())["Patient/p"] + JSON.stringify(await listOpenConflicts(parent.database, 10));
    expect(kept).toContain("1984-02-29");
    expect(kept).toContain('"active":true');
  });

  it("[S31] changes nothing by an edit that is still to be sent when both ends have agreed on a later version", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aPatient("p"));
    await syncThrough(north, parent);
    await north.save(aPatient("p", { active: true }));
    await using cut = synchronizerOf(
      north,
      cutting(parent.answer, ({ url }) => (url.pathname.endsWith("/push") ? "before" : undefined)),
    );
    await cut.pushOnce(live);
    await north.remove("Patient", "p");
    await parent.remove("Patient", "p");
    await using good = synchronizerOf(north, parent.answer);

    await good.pullOnce(live);
    const { status } = await good.pushOnce(live);

    expect(status).toBe("complete");
    expect([await parent.bodies(), await north.bodies()]).toEqual([{}, {}]);
    expect(await listOpenConflicts(parent.database, 10)).toEqual([]);
  });

  it("[S33] lets a verdict that comes late put nothing back that a pull has settled since", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aPatient("p", { gender: "female" }));
    await using cut = synchronizerOf(
      north,
      cutting(parent.answer, ({ url }) => (url.pathname.endsWith("/push") ? "after" : undefined)),
    );
    await using good = synchronizerOf(north, parent.answer);
    await cut.pushOnce(live);
    await moveAll(parent.database);
    await good.pullOnce(live);
    await parent.save(aPatient("p", { gender: "female", active: true }));
    await good.pullOnce(live);

    const late = await good.pushOnce(live);
    await parent.save(aPatient("p", { gender: "female", active: false }));
    const pulled = await good.pullOnce(live);

    expect([late.status, pulled.status]).toEqual(["complete", "complete"]);
    expect(await north.bodies()).toEqual(await parent.bodies());
  });

  it("[S36] takes no unit under another node's name, and nothing from a damaged request", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await north.save(aPatient("n1"));
    const asSouth: Exchange = (request, signal) =>
      parent.answer(saying(request, (request.body ?? "").replaceAll("north.", "south.")), signal);
    const damaged: Exchange = (request, signal) =>
      parent.answer(saying(request, (request.body ?? "").slice(0, -20)), signal);
    await using forger = synchronizerOf(north, asSouth);
    await using broken = synchronizerOf(north, damaged);

    const forged = await forger.pushOnce(live);
    const cut = await broken.pushOnce(live);

    expect([forged.status, cut.status]).toEqual(["refused", "refused"]);
    expect(await parent.bodies()).toEqual({});
    expect(await south.bodies()).toEqual({});
  });

  it("[S31] does not contest what the child itself has changed twice around a merge", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aPatient("p", { gender: "male", birthDate: "1980-01-01" }));
    await syncThrough(north, parent);
    await parent.save(aPatient("p", { gender: "male", birthDate: "1980-01-01", active: true }));
    await north.save(aPatient("p", { gender: "female", birthDate: "1980-01-01" }));
    // The answer to the first push is lost, and the record is edited again before the next.
    const line = cutting(parent.answer, (request, count) =>
      request.url.pathname.endsWith("push") && count === 1 ? "after" : undefined,
    );
    await using synchronizer = synchronizerOf(north, line);
    await synchronizer.pushOnce(live);
    await north.save(aPatient("p", { gender: "other", birthDate: "1980-01-01" }));

    await synchronizer.pushOnce(live);
    await moveAll(parent.database);
    await synchronizer.pullOnce(live);

    expect(await listConflictsOf(parent.database, "Patient", "p")).toEqual([]);
    expect(await numbersOf(parent)).toEqual({
      "Patient/p": { resourceType: "Patient", id: "p", gender: "other", birthDate: "1980-01-01", active: true },
    });
    expect(await north.bodies()).toEqual(await parent.bodies());
  });
});
