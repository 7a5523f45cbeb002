import { readAuditOfRecord } from "@tributary/audit";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { allFeed, readFeedHead } from "@tributary/events";
import { aPatient, saving } from "@tributary/fhir/testing";
import { seededRandom, silentLogger } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  enrol,
  moveAll,
  type NodeForTests,
  openNodeForTests,
  openThreeNodes,
  pushOnce,
  synchronizerOf,
} from "../../testing/index.ts";
import { revokeChildNode } from "../enrolment/child-nodes.ts";
import { discardFailure } from "../failures/discard-failure.ts";
import { listFailures } from "../failures/list-failures.ts";
import type { Exchange } from "../line/exchange.ts";
import { openParkedRelease } from "./parked-release.ts";
import { parkedBytesMax } from "./parked-units.ts";
import { releaseAllDue } from "./release-parked.ts";

const live = new AbortController().signal;

const aVisit = (id: string, patient: string, more: Record<string, unknown> = {}) => ({
  resourceType: "Encounter",
  id,
  status: "finished",
  class: { code: "AMB" },
  subject: { reference: `Patient/${patient}` },
  ...more,
});
const aFinding = (id: string, visit: string, more: Record<string, unknown> = {}) => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: { text: "Weight" },
  encounter: { reference: `Encounter/${visit}` },
  ...more,
});
const fillParking = sql(`
  insert into parked_units (operation_id, node, counter, unit, bytes, parked_at) values ($1, $2, 1, '', $3, 0)`);
const readTransactions = sql("select tx_id, tx_size from event_records where entity_type = 'Patient'");
const linkedTo = (...others: string[]) => ({
  link: others.map((other) => ({ other: { reference: `Patient/${other}` }, type: "seealso" })),
});
const namesAt = async (node: NodeForTests) => Object.keys(await node.bodies());
const optionsOf = ({ store, id, clock }: NodeForTests) => ({ store, nodeId: id, clock, random: seededRandom(5) });

describeOnEachDatabase("a unit that refers to what the parent has not", (open) => {
  it("[S51] does not wait for what was deleted below before the parent ever saw it, at any tier", async () => {
    const databases = [await open(), await open(), await open()] as const;
    await using stack = new AsyncDisposableStack();
    for (const database of databases) stack.defer(() => database.close());
    const [root, hub, leaf] = [
      await openNodeForTests(databases[0], "root"),
      await openNodeForTests(databases[1], "hub"),
      await openNodeForTests(databases[2], "leaf"),
    ];
    await enrol(hub, root);
    await enrol(leaf, hub);
    await leaf.database.transaction((tx) => leaf.store.write(tx, [saving(aPatient("p")), saving(aVisit("v", "p"))]));
    await moveAll(leaf.database);
    await leaf.remove("Patient", "p");

    const [atHub, atRoot] = [await pushOnce(leaf, hub), await pushOnce(hub, root)];
    await leaf.save(aVisit("later", "p"));
    const [laterAtHub, laterAtRoot] = [await pushOnce(leaf, hub), await pushOnce(hub, root)];

    for (const { status } of [atHub, atRoot, laterAtHub, laterAtRoot]) expect(status).toBe("complete");
    expect(await namesAt(root)).toEqual(["Encounter/later", "Encounter/v"]);
  });

  it("[S250] holds up no edit that its child makes after it was put back to before that unit", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aPatient("p"), aVisit("v", "p"));
    await pushOnce(north, parent);
    await north.save(aVisit("v", "p", { serviceProvider: { reference: "Organization/typo" } }));
    const parked = await pushOnce(north, parent);
    // What the child forgets with a backup: the unit, and the name under which it counted.
    await north.database.transaction(async (tx) => {
      await tx.run(sql("delete from push_units"));
      await tx.run(sql("update push_markers set incarnation = 'another'"));
    });

    await north.save(aVisit("v", "p", { status: "cancelled" }));
    const edited = await pushOnce(north, parent);
    await north.save(aVisit("v", "p", { status: "cancelled", serviceProvider: { reference: "Organization/second" } }));
    const parkedToo = await pushOnce(north, parent);

    expect(parked).toMatchObject({ parked: 1 });
    expect(edited).toMatchObject({ status: "complete", pushed: 1 });
    expect((await parent.bodies())["Encounter/v"]).toContain("cancelled");
    expect(parkedToo).toMatchObject({ parked: 1 });
  });

  it("[S252] is not taken of a child whose access was revoked meanwhile, and anew once that has enrolled again", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aPatient("p", { managingOrganization: { reference: "Organization/late" } }));
    const parked = await pushOnce(north, parent);
    await parent.database.transaction((tx) => revokeChildNode(tx, north.id, parent.clock.now()));
    await parent.save({ resourceType: "Organization", id: "late" });

    await releaseAllDue(parent.database, optionsOf(parent), live);
    const meanwhile = await namesAt(parent);
    await enrol(north, parent);
    const again = [await pushOnce(north, parent), await pushOnce(north, parent)];

    expect(parked).toMatchObject({ parked: 1 });
    expect(meanwhile).toEqual(["Organization/late"]);
    expect(again.at(-1)).toMatchObject({ status: "complete" });
    expect(await namesAt(parent)).toEqual(["Organization/late", "Patient/p"]);
  });

  it("[S51] is parked as a whole, and taken when the last of what it lacks has come, whoever brings it", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await north.database.transaction((tx) =>
      north.store.write(tx, [saving(aFinding("f", "v")), saving(aPatient("beside"))]),
    );
    await moveAll(north.database);
    const first = await pushOnce(north, parent);
    const nothing = await parent.bodies();
    await south.save(aVisit("v", "p"));
    await pushOnce(south, parent);
    const stillNothing = await namesAt(parent);

    await south.save(aPatient("p"));
    await pushOnce(south, parent);

    expect(first).toMatchObject({ status: "partial", pushed: 0, parked: 1, refused: 0, queued: 0 });
    expect(nothing).toEqual({});
    expect(stillNothing).toEqual([]);
    expect(await namesAt(parent)).toEqual(["Encounter/v", "Observation/f", "Patient/beside", "Patient/p"]);
    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete", pushed: 2, parked: 0 });
    expect(await listFailures(north.database, { limit: 9 })).toEqual([]);
  });

  it("[S51] takes effect once, whatever arrives twice", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    const requests: Parameters<Exchange>[0][] = [];
    const line: Exchange = (request, signal) => {
      requests.push(request);
      return parent.answer(request, signal);
    };
    await pushOnce(north, parent, line);
    await parent.answer(requests[0]!, live);
    await parent.save(aVisit("v", "p"));
    await Promise.all([1, 2, 3].map(() => releaseAllDue(parent.database, optionsOf(parent), live)));
    await moveAll(parent.database);
    const head = await readFeedHead(parent.database, allFeed);

    await parent.answer(requests[0]!, live);
    await pushOnce(north, parent, line);
    await parent.answer(requests.at(-1)!, live);

    expect(await readFeedHead(parent.database, allFeed)).toBe(head);
    expect(await parent.store.read(parent.database, { type: "Observation", id: "f" })).toMatchObject({ version: 1 });
    const trail = await readAuditOfRecord(parent.database, "Observation/f", 9);
    expect(trail.map(({ operation, outcome }) => `${operation} ${outcome}`).toSorted()).toEqual([
      "failed-attempt parked",
      "push applied",
    ]);
  });

  it("[S51] is released by what a FHIR client writes at the parent, and by a parent that was killed before it could", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await pushOnce(north, parent);
    await parent.save(aVisit("v", "p"));
    const between = await namesAt(parent);

    const judged = await releaseAllDue(parent.database, optionsOf(parent), live);

    expect(between).toEqual(["Encounter/v"]);
    expect(judged).toBe(1);
    expect(await namesAt(parent)).toEqual(["Encounter/v", "Observation/f"]);
    expect(await releaseAllDue(parent.database, optionsOf(parent), live)).toBe(0);
    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete", pushed: 1 });
  });

  it("[S51] is released by a running parent as soon as what it lacks is saved there", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await pushOnce(north, parent);
    const { database, store } = parent;
    const release = { ...optionsOf(parent), database, bus: store.bus, logger: silentLogger };
    await using _ = openParkedRelease(release);
    await parent.save(aVisit("v", "p"));

    await expect.poll(() => namesAt(parent), { timeout: 25_000 }).toEqual(["Encounter/v", "Observation/f"]);
  });

  it("[S51] is not parked for what was deleted, nor for what the record refers to at the parent already", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aVisit("gone", "p"), aFinding("old", "never"));
    await parent.remove("Encounter", "gone");
    await using synchronizer = synchronizerOf(north, parent.answer);
    await synchronizer.pullOnce(live);
    await moveAll(north.database);
    await north.save(aFinding("f", "gone"), aFinding("old", "never", { status: "amended" }));

    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete", pushed: 2, parked: 0 });
  });

  it("[S52] is listed with what it lacks, and asked about by name alone", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await pushOnce(north, parent);
    const line = counting(parent.answer);
    let sent = "";
    const asked = await pushOnce(north, parent, (request, signal) => {
      sent += request.body ?? "";
      return line(request, signal);
    });

    expect(asked).toMatchObject({ status: "partial", parked: 1, requests: 1 });
    expect(line.paths).toEqual(["push"]);
    expect(sent).not.toContain("Observation");
    expect(await listFailures(north.database, { limit: 9 })).toMatchObject([
      {
        failureId: "push:1",
        references: ["Observation/f"],
        class: "dependency",
        reason: "parked-at-parent",
        missing: ["Encounter/v"],
        attempts: 2,
      },
    ]);
  });

  it("[S52] is sent anew with the edit that corrects it, and its first version never takes effect", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.save(aVisit("right", "p"));
    await north.save(aFinding("f", "wrong"));
    await pushOnce(north, parent);
    await north.save(aFinding("f", "right"));

    const corrected = await pushOnce(north, parent);
    await parent.save(aVisit("wrong", "p"));
    await releaseAllDue(parent.database, optionsOf(parent), live);

    expect(corrected).toMatchObject({ status: "complete", pushed: 1, parked: 0 });
    expect(await parent.store.read(parent.database, { type: "Observation", id: "f" })).toMatchObject({ version: 1 });
    expect((await parent.bodies())["Observation/f"]).toContain("Encounter/right");
  });

  it("[S52] is not overtaken by an edit when it was released meanwhile", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await pushOnce(north, parent);
    await parent.save(aVisit("v", "p"));
    await releaseAllDue(parent.database, optionsOf(parent), live);
    await north.save(aFinding("f", "v", { status: "amended" }));

    const report = await pushOnce(north, parent);

    expect(report).toMatchObject({ status: "complete", merged: 0, conflicts: 0 });
    expect((await parent.bodies())["Observation/f"]).toBe((await north.bodies())["Observation/f"]);
  });

  it("[S52] that was discarded is taken back before it is forgotten", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await pushOnce(north, parent);
    const actor = { nodeId: north.id, author: "nurse", now: north.clock.now(), reason: "entered twice" };
    await north.database.transaction((tx) => discardFailure(tx, "push:1", actor));
    const listed = await listFailures(north.database, { limit: 9 });
    const cut = await pushOnce(
      north,
      parent,
      cutting(parent.answer, () => "before"),
    );

    const done = await pushOnce(north, parent);
    await parent.save(aVisit("v", "p"));
    await releaseAllDue(parent.database, optionsOf(parent), live);

    expect(listed).toEqual([]);
    expect(cut).toMatchObject({ status: "interrupted", queued: 1 });
    expect(done).toMatchObject({ status: "complete", queued: 0 });
    expect(await namesAt(parent)).toEqual(["Encounter/v"]);
  });

  it("[S52] is sent again with its content when the parent knows nothing of it", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await pushOnce(north, parent);
    await parent.database.transaction(async (tx) => {
      for (const table of ["parked_units", "parked_missing", "parked_records", "push_verdicts"]) {
        await tx.run(sql(`delete from ${table}`));
      }
    });
    const forgotten = await pushOnce(north, parent);
    await parent.save(aVisit("v", "p"));

    expect(forgotten).toMatchObject({ status: "partial", queued: 1, parked: 0 });
    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete", pushed: 1 });
  });

  it("[S52] is kept by the child alone when the parent has no room for it, and taken later all the same", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await parent.database.transaction((tx) => tx.run(fillParking, ["north.full:1", "north", parkedBytesMax]));
    await north.save(aFinding("f", "v"));
    const full = await pushOnce(north, parent);
    await pushOnce(north, parent);
    const stillFull = await pushOnce(north, parent);
    await parent.save(aVisit("v", "p"));
    await pushOnce(north, parent);

    const done = await pushOnce(north, parent);

    expect([full, stillFull]).toMatchObject([{ parked: 1 }, { parked: 1 }]);
    expect(done).toMatchObject({ status: "complete" });
    expect(await namesAt(parent)).toEqual(["Encounter/v", "Observation/f"]);
  });

  it("[S53] is sent after what it refers to, in whatever order that was written", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aFinding("f", "v"));
    await north.save(aVisit("v", "p"));
    await north.save(aPatient("p"));

    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete", pushed: 3, parked: 0, requests: 1 });
  });

  it("[S53] goes with what refers back to it, also when it was parked before that was written", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    await north.save(aPatient("a", linkedTo("b")));
    const alone = await pushOnce(north, parent);
    await north.save(aPatient("b", linkedTo("c")));
    await north.save(aPatient("c", linkedTo("a")));

    const together = await pushOnce(north, parent);

    expect(alone).toMatchObject({ parked: 1 });
    expect(together).toMatchObject({ status: "complete", pushed: 3, parked: 0 });
    expect(await parent.bodies()).toEqual(await north.bodies());
  });

  it("[S232] is taken with the unit of another child that waits for it, in one transaction", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await north.save(aPatient("a", linkedTo("b")));
    const first = await pushOnce(north, parent);
    await south.save(aPatient("b", linkedTo("a")));

    const second = await pushOnce(south, parent);
    const asked = await pushOnce(north, parent);

    expect([first, second, asked]).toMatchObject([
      { status: "partial", parked: 1 },
      { status: "complete", pushed: 1, parked: 0 },
      { status: "complete", parked: 0 },
    ]);
    expect(await namesAt(parent)).toEqual(["Patient/a", "Patient/b"]);
    await moveAll(parent.database);
    const announced = await parent.database.all<{ tx_id: string; tx_size: number }>(readTransactions);
    expect(announced).toEqual(Array(2).fill({ tx_id: announced[0]!.tx_id, tx_size: 2 }));
  });

  it("[S232] stays parked with the others as long as one of them lacks something else, and goes with them after", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north, south } = network;
    await north.save(aPatient("a", linkedTo("b")));
    await pushOnce(north, parent);
    await south.save(aPatient("b", linkedTo("a", "c")));
    const early = await pushOnce(south, parent);
    const without = await namesAt(parent);
    await parent.save(aPatient("c"));

    const late = await pushOnce(south, parent);

    expect([early.parked, without, late.parked]).toEqual([1, [], 0]);
    expect(await namesAt(parent)).toEqual(["Patient/a", "Patient/b", "Patient/c"]);
    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete", parked: 0 });
  });

  it("[S52] survives lost answers at every step, and keeps the order of its record's versions", async () => {
    await using network = await openThreeNodes(open);
    const { parent, north } = network;
    const seen = new Set<string>();
    const line = cutting(parent.answer, (request) => {
      const key = (request.body ?? "").replaceAll(/"[\w.-]+:\d+"/g, "name");
      if (seen.has(`${key} after`)) return undefined;
      const moment = seen.has(`${key} before`) ? "after" : "before";
      seen.add(`${key} ${moment}`);
      return moment;
    });
    const pushThrough = async () => {
      for (let attempt = 0; attempt < 9; attempt++) if (!(await pushOnce(north, parent, line)).error) return;
    };
    await north.save(aFinding("f", "v"));
    await pushThrough();
    await north.save(aFinding("f", "v", { status: "amended" }));
    await pushThrough();
    await parent.save(aVisit("v", "p"));
    await pushThrough();
    await north.save(aFinding("f", "v", { status: "corrected" }));
    await pushThrough();

    expect(await pushOnce(north, parent)).toMatchObject({ status: "complete" });
    expect((await parent.bodies())["Observation/f"]).toBe((await north.bodies())["Observation/f"]);
    const current = await parent.store.read(parent.database, { type: "Observation", id: "f" });
    expect(current?.version).toBeLessThanOrEqual(2);
  });
});
