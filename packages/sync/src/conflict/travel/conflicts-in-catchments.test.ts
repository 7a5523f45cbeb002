import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import {
  aPatientIn,
  assign,
  enrol,
  livingIn,
  moveAll,
  type NodeForTests,
  openClinic,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../../testing/index.ts";
import { editFailure } from "../../failures/edit-failure.ts";
import { listFailures } from "../../failures/list-failures.ts";
import type { Exchange } from "../../line/exchange.ts";
import { streamPageType } from "../../line/protocol.ts";
import { openParentLine } from "../../parent-line.ts";
import { listOpenConflicts } from "../conflicts.ts";
import { decide } from "../testing/clashing-tree.ts";
import { undoDecision } from "../undo-decision.ts";

const live = new AbortController().signal;

const aPatient = (city: string, birthDate: string) => ({
  resourceType: "Patient",
  id: "p",
  birthDate,
  address: [{ city, country: "Kenya" }],
});

async function round(child: NodeForTests, parent: NodeForTests) {
  await using synchronizer = synchronizerOf(child, parent.answer);
  await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  const report = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return report;
}

describeOnEachDatabase("conflicts of a catchment", (open) => {
  it("[S61] come to a child with the patient who comes, and go with the one who leaves", async () => {
    const [parent, north, south] = (await Promise.all(
      ["centre", "north", "south"].map(async (id) => openNodeForTests(await open(), id)),
    )) as [NodeForTests, NodeForTests, NodeForTests];
    for (const [child, city] of [
      [north, "Kisumu"],
      [south, "Nairobi"],
    ] as const) {
      await setCatchment(parent, child.id, { location: { address: `Kenya%*%*%${city}` } });
      await enrol(child, parent);
      await assign(parent, child, child.id);
    }
    await parent.save(aPatient("Kisumu", "1980-01-01"));
    await round(north, parent);
    await round(south, parent);
    await parent.save(aPatient("Kisumu", "1981-01-01"));
    await north.save(aPatient("Kisumu", "1982-01-01"));
    await round(north, parent);
    const held = async () =>
      Promise.all([north, south].map(async ({ database }) => (await listOpenConflicts(database, 9)).length));

    expect((await round(south, parent)).sideError).toBeUndefined();
    expect(await held()).toEqual([1, 0]);

    await parent.save(aPatient("Nairobi", "1981-01-01"));
    await round(north, parent);
    await round(south, parent);
    expect(await held()).toEqual([0, 1]);

    for (const { database } of [parent, north, south]) await database.close();
  });

  it("[S107] are not decided, taken back or mended for a patient who has left, and all stays as it is", async () => {
    await using clinic = await openClinic(open, { afterExit: { keep: { forMs: 86_400_000 } } });
    const { parent, child, round } = clinic;
    await parent.save(aPatientIn("Kisumu", "p", { birthDate: "1980-01-01", gender: "male" }));
    await round();
    await parent.save(aPatientIn("Kisumu", "p", { birthDate: "1981-01-01", gender: "other" }));
    await child.save(aPatientIn("Kisumu", "p", { birthDate: "1982-01-01", gender: "female" }));
    await round();
    const contested = await listOpenConflicts(child.database, 9);
    const [first, second] = ["birthDate", "gender"].map((name) =>
      contested.find(({ element }) => element.path === `Patient.${name}`),
    );
    await decide(child, first!.conflictId, { take: "child" });
    await round();
    const observation = {
      resourceType: "Observation",
      id: "o",
      code: { text: "Weight" },
      subject: { reference: "Patient/p" },
    };
    await child.save({ ...observation, status: "unheard-of" });
    await round();
    await parent.save(aPatientIn("Nairobi", "p", { birthDate: "1981-01-01", gender: "other" }));
    await round();
    const before = await child.bodies();
    const { database, store, id: nodeId, clock, random } = child;
    const actor = { nodeId, author: "nurse", now: clock.now() };
    const [failure] = await listFailures(database, { limit: 9 });

    const decided = await decide(child, second!.conflictId, { take: "child" });
    const undone = await database.transaction((tx) =>
      undoDecision(
        tx,
        { store, nodeId, clock, random },
        { ...first!, reason: "So.", author: "nurse", isKeepingValue: false },
      ),
    );
    const edited = await database.transaction((tx) =>
      editFailure(tx, store, failure!.failureId, { resource: { ...observation, status: "final" } }, actor),
    );

    expect([decided.kind, undone.kind, edited.kind]).toEqual(["foreign", "foreign", "foreign"]);
    expect(await child.bodies()).toEqual(before);
  });

  it("[S116] of other catchments are neither named nor counted to a child, and those of its own each once", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await using other = await openOther(await open(), parent, "nairobi");
    const told: string[] = [];
    const listening: Exchange = async (request, signal) => {
      const answer = await parent.answer(request, signal);
      told.push(`${answer.headers["tributary-heads"] ?? ""} ${Buffer.from(answer.body).toString("latin1")}`);
      return answer;
    };
    await parent.save(aPatient("Nairobi", "1980-01-01"), aPatientIn("Kisumu", "own"));
    await other.round();
    await round();
    await parent.save(aPatient("Nairobi", "1981-01-01"));
    await other.child.save(aPatient("Nairobi", "1982-01-01"));
    await other.round();
    const [foreign] = await listOpenConflicts(parent.database, 9);

    await using synchronizer = synchronizerOf(child, listening);
    await synchronizer.pullOnce(live);
    const asked = await ask(child, parent, "streams/conflicts/recent");
    const head = /conflicts=(\d+)/.exec(told.join())?.[1];

    expect(foreign).toMatchObject({ type: "Patient", id: "p" });
    expect(head).toBe("0");
    expect(JSON.parse(asked)).toMatchObject({ stream: "conflicts", head: 0, entries: [] });
    expect(told.join()).not.toContain(foreign!.conflictId);
    expect(await listOpenConflicts(other.child.database, 9)).toHaveLength(1);

    await parent.save(aPatientIn("Kisumu", "own", { birthDate: "1981-01-01" }));
    await child.save(aPatientIn("Kisumu", "own", { birthDate: "1982-01-01" }));
    await round();
    expect(await listOpenConflicts(child.database, 9)).toMatchObject([{ id: "own" }]);
    expect(await listOpenConflicts(parent.database, 9)).toHaveLength(2);
  });

  it("[S116] are those of the new catchment for a child that is assigned another one", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await parent.save(aPatientIn("Kisumu", "k"), aPatientIn("Nairobi", "n"));
    await round();
    await using hub = await openOther(await open(), parent, "everything");
    await hub.round();
    for (const [city, id] of [
      ["Kisumu", "k"],
      ["Nairobi", "n"],
    ] as const) {
      await parent.save(aPatientIn(city, id, { birthDate: "1981-01-01" }));
      await hub.child.save(aPatientIn(city, id, { birthDate: "1982-01-01" }));
    }
    await hub.round();
    await round();
    const first = await listOpenConflicts(child.database, 9);

    await assign(parent, child, "nairobi");
    await round();
    await round();

    expect(first).toMatchObject([{ id: "k" }]);
    expect(await listOpenConflicts(child.database, 9)).toMatchObject([{ id: "n" }]);
    expect(await listOpenConflicts(hub.child.database, 9)).toHaveLength(2);
  });
});

/** One more child of a parent, with a catchment of its own. */
async function openOther(database: Database, parent: NodeForTests, city: string) {
  const child = await openNodeForTests(database, "other");
  if (city !== "everything") await setCatchment(parent, city, livingIn(city));
  await enrol(child, parent, parent.answer, city);
  return {
    child,
    round: () => round(child, parent),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

/** Asks the parent as the child would, and returns the answer's text. */
async function ask(child: NodeForTests, parent: NodeForTests, path: string): Promise<string> {
  const { connection } = await openParentLine({ ...child, nodeId: child.id, exchange: parent.answer }, undefined);
  const answer = await connection.ask(path, {}, streamPageType, live);
  return Buffer.from(answer.body).toString();
}
