import { readAuditOfRecord } from "@tributary/audit";
import { type Database, sql, type Transaction } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { JsonObject } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import { readConflict } from "../conflict/conflicts.ts";
import { listRefusedDecisionsOf } from "../conflict/decide/refused-decisions.ts";
import { born, clash, decide, openTree, round } from "../conflict/testing/clashing-tree.ts";
import type { Exchange } from "../line/exchange.ts";
import { readSyncStatus } from "../sync-status.ts";
import { countFailures } from "./count-failures.ts";
import { discardAllFailures, discardFailure } from "./discard-failure.ts";
import { editFailure, type FailureEdit } from "./edit-failure.ts";
import { listFailures, readFailure } from "./list-failures.ts";
import { retryAllFailures, retryFailure } from "./retry-failure.ts";

const live = new AbortController().signal;
const invalid = aPatient("bad", { gender: "unheard-of" });
const valid = aPatient("bad", { gender: "other" });

interface Link extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
}

async function openLink(open: () => Promise<Database>): Promise<Link> {
  const [above, below] = [await open(), await open()];
  const [parent, child] = [await openNodeForTests(above, "centre"), await openNodeForTests(below, "north")];
  await enrol(child, parent);
  return {
    parent,
    child,
    async [Symbol.asyncDispose]() {
      await above.close();
      await below.close();
    },
  };
}

async function push({ parent, child }: Link, line: Exchange = parent.answer) {
  await using synchronizer = synchronizerOf(child, line);
  const report = await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  return report;
}

async function edit({ database, store, id: nodeId, clock }: NodeForTests, failureId: string, asked: FailureEdit) {
  const actor = { nodeId, author: "nurse", now: clock.now() };
  const outcome = await database.transaction((tx) => editFailure(tx, store, failureId, asked, actor));
  await moveAll(database);
  return outcome;
}

/** Lets the parent judge what is sent, and answers in its stead that it took too long. */
function tooLate(line: Exchange): Exchange {
  return async (request, signal) => {
    const answer = await line(request, signal);
    return request.body?.includes("Patient") ? { ...answer, status: 504, headers: {} } : answer;
  };
}

/** What some work returns, and how many rows of all tables it read. */
async function rowsRead<Value>(database: Database, work: (tx: Transaction) => Promise<Value>) {
  let rows = 0;
  const value = await database.transaction((tx) => {
    const all = tx.all.bind(tx);
    tx.all = async <Row>(...asked: Parameters<Transaction["all"]>) => {
      const read = await all<Row>(...asked);
      rows += read.length;
      return read;
    };
    return work(tx);
  });
  return { value, rows };
}

function anObservation(id: string, refersTo: JsonObject): JsonObject {
  return { resourceType: "Observation", id, status: "final", code: { text: "Weight" }, ...refersTo };
}

const ofBad = anObservation("o", { subject: { reference: "Patient/bad" } });
const derived = anObservation("derived", { derivedFrom: [{ reference: "Observation/o" }] });

/** Fails on each request with a record, as a parent with a bug does, and answers the others. */
function failingOn(line: Exchange, name: string): Exchange {
  return async (request, signal) => {
    if (!request.body?.includes(`"id":"${name}"`)) return line(request, signal);
    return { status: 500, headers: { "content-type": "application/json" }, body: new Uint8Array(), wireBytes: 0 };
  };
}

describeOnEachDatabase("mending what failed", (open) => {
  it("[S180] edits a record of a refused unit, which is sent again with it and leaves the list", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(invalid);
    await push(link);

    const edited = await edit(child, "push:1", { resource: valid, version: 1 });
    const left = await listFailures(child.database, { limit: 9 });
    const report = await push(link);

    expect(edited).toMatchObject({ kind: "edited", reference: "Patient/bad", version: 2 });
    expect(left).toEqual([]);
    expect(report).toMatchObject({ status: "complete", pushed: 1 });
    expect(await parent.bodies()).toEqual(await child.bodies());
    const entries = await readAuditOfRecord(child.database, "Patient/bad", 9);
    expect(entries.filter(({ outcome }) => outcome === "edited")).toMatchObject([
      { actor: "nurse", operation: "manual", operationId: "push:1", versionBefore: 1, versionAfter: 2, link: "centre" },
    ]);
  });

  it("[S180] edits a record of a unit that is parked, and of one that was stepped over", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(ofBad);
    await child.save(aPatient("failing"));
    await push(link, failingOn(parent.answer, "failing"));
    const listed = await listFailures(child.database, { limit: 9 });
    expect(listed.map(({ reason }) => reason).toSorted()).toEqual(["no-verdict", "parked-at-parent"]);

    for (const { failureId, references } of listed) {
      const resource =
        references[0] === "Observation/o" ? anObservation("o", {}) : aPatient("failing", { active: true });
      expect(await edit(child, failureId, { resource })).toMatchObject({ kind: "edited", version: 2 });
    }
    const report = await push(link);

    expect(report).toMatchObject({ status: "complete", parked: 0, delayed: 0 });
    expect(await parent.bodies()).toEqual(await child.bodies());
    expect(await listFailures(child.database, { limit: 9 })).toEqual([]);
  });

  it("[S180] refuses what is not valid, made on another version, of another record, or changes nothing", async () => {
    await using link = await openLink(open);
    const { child } = link;
    await child.save(invalid);
    await push(link);
    const before = await child.bodies();

    expect(await edit(child, "push:1", { resource: aPatient("bad", { gender: "odd" }) })).toMatchObject({
      kind: "invalid",
      issues: [{ severity: "error" }],
    });
    expect(await edit(child, "push:1", { resource: valid, version: 7 })).toMatchObject({
      kind: "version-mismatch",
      current: 1,
    });
    expect(await edit(child, "push:1", { resource: aPatient("other") })).toMatchObject({ kind: "other-record" });
    expect(await edit(child, "push:9", { resource: valid })).toEqual({ kind: "unknown" });
    expect(await child.bodies()).toEqual(before);
    expect(await listFailures(child.database, { limit: 9 })).toHaveLength(1);
  });

  it("[S181] names what refers to a refused record, and what refers to that, as waiting behind it", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(invalid);
    await child.save(ofBad);
    await child.save(derived);
    const refused = await push(link);
    expect(refused).toMatchObject({ status: "partial", refused: 1, parked: 2 });

    expect(await readFailure(child.database, "push:1")).toMatchObject({
      references: ["Patient/bad"],
      dependants: ["Observation/o", "Observation/derived"],
    });
    await edit(child, "push:1", { resource: valid });
    const report = await push(link);

    expect(report).toMatchObject({ status: "complete", parked: 0, refused: 0 });
    expect(await listFailures(child.database, { limit: 9 })).toEqual([]);
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S181] names what refers to a record that was stepped over, and lets it go with that", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(valid);
    await child.save(ofBad);
    await push(link, failingOn(parent.answer, "bad"));
    const [failure] = await listFailures(child.database, { limit: 9 });
    expect(failure).toMatchObject({ reason: "no-verdict", dependants: ["Observation/o"] });

    const actor = { nodeId: child.id, author: "nurse", now: child.clock.now() };
    await child.database.transaction((tx) => retryFailure(tx, failure!.failureId, actor));
    const report = await push(link);

    expect(report).toMatchObject({ status: "complete" });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S253] lets a discarded unit go of which the parent says, when it is taken back, that it has refused it", async () => {
    await using link = await openLink(open);
    const { child, parent } = link;
    await child.save(aPatient("first"));
    await push(link);
    await child.save(invalid);
    const unanswered = await push(link, tooLate(parent.answer));
    const [failure] = await listFailures(child.database, { limit: 9 });
    const actor = { nodeId: child.id, author: "nurse", now: child.clock.now(), reason: "written by mistake" };
    await child.database.transaction((tx) => discardFailure(tx, failure!.failureId, actor));

    const settled = await push(link);

    expect(unanswered).toMatchObject({ status: "partial", delayed: 1 });
    expect(settled).toMatchObject({ status: "complete", refused: 0, queued: 0 });
    expect(await listFailures(child.database, { limit: 9 })).toEqual([]);
  });

  it("[S56] retries and discards many without looking through the whole queue for each", async () => {
    await using link = await openLink(open);
    const { child } = link;
    const many = Array.from({ length: 40 }, (_, at) => aPatient(`bad${at}`, { gender: "unheard-of" }));
    for (const one of many) await child.save(one);
    await push(link);
    const actor = { nodeId: child.id, author: "nurse", now: child.clock.now() };

    const retrying = await rowsRead(child.database, (tx) => retryAllFailures(tx, actor));
    await push(link);
    const discarding = await rowsRead(child.database, (tx) => discardAllFailures(tx, { ...actor, reason: "invalid" }));

    expect([retrying.value, discarding.value]).toEqual([many.length, many.length]);
    expect(retrying.rows).toBeLessThan(20 * many.length);
    expect(discarding.rows).toBeLessThan(20 * many.length);
  });

  it("[S179] lists a decision that the parent refused, counts it, and sends it again or gives it up", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(tree.child, tree.parent);
    const { database, id: nodeId, clock } = tree.child;
    const actor = { nodeId, author: "doctor", now: clock.now() };
    await decide(tree.child, conflictId, { take: "child" });
    // As if it had been made at a node for which only another child of the parent speaks.
    await database.transaction((tx) => tx.run(sql("update conflict_decisions set node = 'south'")));

    const report = await push(tree);
    const [failure] = await listFailures(database, { limit: 9 });
    const names = (await listRefusedDecisionsOf(database, conflictId)).map(
      ({ decisionId }) => `decision:${decisionId}`,
    );

    expect(report).toMatchObject({ status: "partial", decisions: 1 });
    expect(failure).toMatchObject({
      kind: "decision",
      references: ["Patient/p"],
      class: "forbidden",
      reason: "decision-refused",
      firstFailedAt: expect.any(Number),
    });
    expect(names).toEqual([failure?.failureId]);
    expect(await readFailure(database, failure!.failureId)).toEqual(failure);
    expect(await edit(tree.child, failure!.failureId, { resource: valid })).toEqual({ kind: "not-own-changes" });
    expect(await countFailures(database)).toMatchObject({
      total: 1,
      byKind: { decision: 1 },
      byClass: { forbidden: 1 },
    });
    expect(await readConflict(database, conflictId)).toMatchObject({ state: "open" });
    expect((await readSyncStatus(database, nodeId)).parent?.decisions).toEqual({ waiting: 0, refused: 1 });

    await database.transaction((tx) => tx.run(sql("update conflict_decisions set node = 'north'")));
    await database.transaction((tx) => retryFailure(tx, failure!.failureId, actor));
    expect(await listFailures(database, { limit: 9 })).toEqual([]);
    await round(tree.child, tree.parent);
    for (const node of [tree.parent, tree.child]) {
      expect(await readConflict(node.database, conflictId)).toMatchObject({
        state: "resolved",
        resolution: { by: "nurse", node: "north" },
      });
    }
  });

  it("[S179] lists a decision whose edit was discarded, and tells it with the next edit of the record", async () => {
    await using tree = await openTree(open);
    const { parent, child } = tree;
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(child, parent);
    const actor = { nodeId: child.id, author: "doctor", now: child.clock.now(), reason: "a mistake" };
    const edited = (more: JsonObject) => aPatient("p", { birthDate: "1982-01-01", gender: "female", ...more });
    await decide(child, conflictId, { take: "child" });
    await child.save(edited({ managingOrganization: { reference: "Organization/typo" } }));
    const parked = await push(tree);
    const [unit] = await listFailures(child.database, { limit: 9 });
    await child.database.transaction((tx) => discardFailure(tx, unit!.failureId, actor));

    const untold = await push(tree);
    const [failure] = await listFailures(child.database, { limit: 9 });
    await child.database.transaction((tx) => retryFailure(tx, failure!.failureId, actor));
    const heldUp = await push(tree);
    await child.save(edited({ active: true }));
    const told = await push(tree);

    expect(parked).toMatchObject({ status: "partial", parked: 1, decisions: 1 });
    expect(untold).toMatchObject({ status: "partial", parked: 0, decisions: 1 });
    expect(failure).toMatchObject({ kind: "decision", detail: expect.stringContaining("was discarded") });
    expect(heldUp).toMatchObject({ status: "partial", decisions: 1 });
    expect(told).toMatchObject({ status: "complete", decisions: 0 });
    expect(await readConflict(parent.database, conflictId)).toMatchObject({ state: "resolved" });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S179] forgets a refused decision that is given up, with a reason in the trail", async () => {
    await using tree = await openTree(open);
    const { conflictId } = await clash(tree, born("1981-01-01"), born("1982-01-01"));
    await round(tree.child, tree.parent);
    const { database, id: nodeId, clock } = tree.child;
    await decide(tree.child, conflictId, { take: "child" });
    await database.transaction((tx) => tx.run(sql("update conflict_decisions set node = 'south'")));
    await push(tree);
    const [failure] = await listFailures(database, { limit: 9 });

    const actor = { nodeId, author: "doctor", now: clock.now(), reason: "decided at the centre" };
    await database.transaction((tx) => discardFailure(tx, failure!.failureId, actor));

    expect(await countFailures(database)).toMatchObject({ total: 0 });
    expect(await push(tree)).toMatchObject({ status: "complete", decisions: 0 });
    expect((await readAuditOfRecord(database, "Patient/p", 1))[0]).toMatchObject({
      actor: "doctor",
      outcome: "discarded",
      operationId: failure?.failureId,
      error: "decided at the centre",
    });
  });

  it("counts failures by class and by kind, as they are listed", async () => {
    await using link = await openLink(open);
    await link.child.save(invalid);
    await link.child.save(anObservation("waiting", { subject: { reference: "Patient/nobody" } }));
    await push(link);

    expect(await countFailures(link.child.database)).toEqual({
      total: 2,
      byClass: { transient: 0, dependency: 1, invalid: 1, forbidden: 0, "too-large": 0, "unknown-type": 0 },
      byKind: { pull: 0, push: 2, decision: 0 },
    });
    expect(await countFailures(link.parent.database)).toMatchObject({ total: 0 });
  });
});
