import { readAuditOfRecord } from "@tributary/audit";
import type { Database, Sql, SqlValue } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import { discardAllFailures } from "../failures/discard-failure.ts";
import { listFailures } from "../failures/list-failures.ts";
import { retryAllFailures } from "../failures/retry-failure.ts";
import type { Exchange } from "../line/exchange.ts";
import { pushQuestionsMax } from "./push-batch.ts";

const live = new AbortController().signal;
const invalid = { gender: "unheard-of" };

interface Link extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
}

async function openLink(
  open: () => Promise<Database>,
  server: Parameters<typeof openNodeForTests>[3] = () => ({}),
): Promise<Link> {
  const [above, below] = await Promise.all([open(), open()]);
  const parent = await openNodeForTests(above, "centre", systemClock, server);
  const child = await openNodeForTests(below, "north");
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

async function push({ parent, child }: Link, programVersion = "1.0.0", line: Exchange = parent.answer) {
  await using synchronizer = synchronizerOf(child, line, { programVersion });
  const report = await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  return report;
}

const aVisit = (id: string) => ({
  resourceType: "Encounter",
  id,
  status: "finished",
  class: { code: "AMB" },
  subject: { reference: "Patient/nobody" },
});
const statusesOf = (requests: readonly Promise<{ readonly status: number }>[]) =>
  Promise.all(requests).then((answers) => answers.map(({ status }) => status));

describeOnEachDatabase("what a parent says of a unit", (open) => {
  it("[S58] about a patient that is not the child's any more: it is taken late, and nothing of the merge is told", async () => {
    const places: string[] = [];
    await using link = await openLink(open, () => ({
      lateAmong: async (_, child, units) => {
        places.push(...units.map(({ records }) => `${child} ${records.map(({ id }) => id).join()}`));
        return new Set(units.filter(({ records }) => records.some(({ id }) => id === "moved")));
      },
    }));
    const { parent, child } = link;
    await parent.save(aPatient("moved", { active: true }));
    await using synchronizer = synchronizerOf(child, parent.answer);
    await synchronizer.pullOnce(live);
    await moveAll(child.database);
    await parent.save(aPatient("moved", { active: true, gender: "female" }));
    await child.save(aPatient("moved", { active: true, birthDate: "1980-01-01" }));
    await child.save(aPatient("own"));
    let answered = "";

    const report = await push(link, "1.0.0", async (request, signal) => {
      const answer = await parent.answer(request, signal);
      answered += Buffer.from(answer.body).toString();
      return answer;
    });

    expect(places.toSorted()).toEqual(["north moved", "north own"]);
    expect(report).toMatchObject({ status: "complete", late: 1, pushed: 1, merged: 0 });
    expect(answered).not.toContain("female");
    expect(JSON.parse((await parent.bodies())["Patient/moved"]!)).toMatchObject({
      gender: "female",
      birthDate: "1980-01-01",
    });
    for (const node of [parent, child]) {
      const trail = await readAuditOfRecord(node.database, "Patient/moved", 9);
      expect(trail.map(({ outcome }) => outcome)).toContain("accepted-late");
    }
  });

  it("[S57] is asked again by itself once either program is another version", async () => {
    let parentVersion = "1.0.0";
    await using link = await openLink(open);
    const { parent, child } = link;
    const line: Exchange = async (request, signal) => {
      const answer = await parent.answer(request, signal);
      return { ...answer, headers: { ...answer.headers, "tributary-version": parentVersion } };
    };
    await child.save(aPatient("bad", invalid));
    await using before = synchronizerOf(child, line, { programVersion: "1.0.0" });
    await before.pushOnce(live);
    const same = await before.pushOnce(live);
    parentVersion = "1.1.0";
    await before.pullOnce(live);
    const parentUpgraded = await before.pushOnce(live);
    await using after = synchronizerOf(child, line, { programVersion: "1.2.0" });
    await after.pullOnce(live);
    const childUpgraded = await after.pushOnce(live);

    expect(same).toMatchObject({ requests: 0, refused: 1 });
    expect(parentUpgraded).toMatchObject({ requests: 1, rejected: 1, refused: 1 });
    expect(childUpgraded).toMatchObject({ requests: 1, rejected: 1, refused: 1 });
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([{ failureId: "push:1", attempts: 3 }]);
  });

  it("[S57] [S79] is not asked again once another program has discarded it", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    const actor = { nodeId: child.id, author: "nurse", now: child.clock.now() };
    const line: Exchange = async (request, signal) => {
      const answer = await parent.answer(request, signal);
      return { ...answer, headers: { ...answer.headers, "tributary-version": "1.0.0" } };
    };
    await child.save(aPatient("bad", invalid));
    await using before = synchronizerOf(child, line, { programVersion: "1.0.0" });
    await before.pushOnce(live);
    await using after = synchronizerOf(child, line, { programVersion: "1.1.0" });
    await after.pullOnce(live);
    const all = child.database.all.bind(child.database);
    let discarded = 0;
    child.database.all = async <Row>(statement: Sql, parameters?: readonly SqlValue[]) => {
      const rows = await all<Row & { failure_class?: unknown }>(statement, parameters);
      if (rows.some(({ failure_class }) => failure_class)) {
        discarded += await child.database.transaction((tx) => discardAllFailures(tx, { ...actor, reason: "Twice." }));
      }
      return rows;
    };

    const report = await after.pushOnce(live);

    expect(discarded).toBe(1);
    expect(report).toMatchObject({ status: "complete", rejected: 0, refused: 0 });
    expect(await listFailures(child.database, { limit: 9 })).toEqual([]);
  });

  it("[S56] is listed by class, with what waits behind it, and dealt with class by class", async () => {
    await using link = await openLink(open);
    const { child } = link;
    await child.save(aPatient("nobody", invalid));
    await child.save(aVisit("v"));
    await child.save(aPatient("worse", invalid));
    await push(link);
    const actor = { nodeId: child.id, author: "nurse", now: child.clock.now() };
    const listed = await listFailures(child.database, { limit: 9 });

    const retried = await child.database.transaction((tx) => retryAllFailures(tx, actor, { class: "dependency" }));
    const afterRetry = await push(link);
    const discarded = await child.database.transaction((tx) =>
      discardAllFailures(tx, { ...actor, reason: "typed twice" }, { class: "invalid" }),
    );

    expect(listed.map(({ references, class: one, dependants }) => [...references, one, ...dependants])).toEqual([
      ["Patient/nobody", "invalid", "Encounter/v"],
      ["Encounter/v", "dependency"],
      ["Patient/worse", "invalid"],
    ]);
    expect([retried, discarded]).toEqual([1, 2]);
    expect(afterRetry).toMatchObject({ refused: 2, parked: 1 });
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([{ references: ["Encounter/v"] }]);
  });

  it("[S59] is never called complete while a unit is refused, parked, or still to be taken back", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(aPatient("bad", invalid));
    await child.save(aVisit("v"));
    const actor = { nodeId: child.id, author: "nurse", now: child.clock.now(), reason: "typed twice" };

    const both = await push(link);
    await child.database.transaction((tx) => discardAllFailures(tx, actor, { class: "invalid" }));
    const parked = await push(link);
    await child.database.transaction((tx) => discardAllFailures(tx, actor));
    const unanswered = await push(link, "1.0.0", async () => {
      return { status: 503, headers: {}, body: new Uint8Array(), wireBytes: 0 };
    });
    const done = await push(link);

    expect(both).toMatchObject({ status: "partial", refused: 1, parked: 1 });
    expect(parked).toMatchObject({ status: "partial", refused: 0, parked: 1 });
    expect(unanswered).toMatchObject({ status: "interrupted", queued: 1 });
    expect(done).toMatchObject({ status: "complete", queued: 0, parked: 0 });
    expect(await parent.bodies()).toEqual({});
  });

  it("[S36] is refused to who asks about, or takes back, what is not its own, or asks malformed", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(aVisit("v"));
    let sample: Parameters<Exchange>[0] | undefined;
    await push(link, "1.0.0", (request, signal) => {
      sample = request;
      return parent.answer(request, signal);
    });
    const headers = { authorization: sample!.headers["authorization"] ?? "" };
    const ask = (end: unknown) => parent.answer({ ...sample!, headers, body: `${JSON.stringify(end)}\n` }, live);
    const tooMany = Array.from({ length: pushQuestionsMax + 1 }, (_, n) => `north.a:${n}`);

    const forged = await statusesOf([ask({ end: 0, ask: ["south.a:1"] }), ask({ end: 0, withdraw: ["south.a:1"] })]);
    const malformed = await statusesOf([
      ask({ end: 0, ask: "north.a:1" }),
      ask({ end: 0, ask: [{}] }),
      ask({ end: 0, withdraw: ["north.a:1; drop"] }),
      ask({ end: 0, ask: tooMany }),
      ask({ end: 1, ask: [] }),
    ]);

    expect(forged).toEqual([403, 403]);
    expect(malformed).toEqual([400, 400, 400, 400, 400]);
    expect(await push(link)).toMatchObject({ parked: 1 });
  });
});
