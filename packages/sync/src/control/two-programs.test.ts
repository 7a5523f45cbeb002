import { readAuditOfRecord } from "@tributary/audit";
import { type Dialect, openDatabase, sql } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { resourceSaved } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { readLinkBases } from "../pull/link-base.ts";
import { readStreamMarker } from "../pull/stream-marker.ts";

const live = new AbortController().signal;
const countWaiting = sql(`
  select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);

/** Holds the answers to some requests back until the test lets them go. */
function holding(line: Exchange, path: string): Exchange & { reached: Promise<void>; letGo: () => void } {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const held: Exchange = async (request, signal) => {
    const answer = await line(request, signal);
    if (request.url.pathname.includes(path)) {
      reached.resolve();
      await gate.promise;
    }
    return answer;
  };
  return Object.assign(held, { reached: reached.promise, letGo: () => gate.resolve() });
}

/** Has the next transaction of a node that saves a record wait, with its records locked, until the test lets it go on. */
function holdingItsNextCommit({ store }: NodeForTests): { reached: Promise<void>; letGo: () => void } {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let isNext = true;
  store.bus.on(resourceSaved.any, "within-transaction", (_event, tx) => {
    if (isNext) {
      tx.beforeCommit(() => {
        reached.resolve();
        return gate.promise;
      });
    }
    isNext = false;
  });
  return { reached: reached.promise, letGo: () => gate.resolve() };
}

async function openLink(dialect: Dialect) {
  const ended = new AsyncDisposableStack();
  const [above, below] = [ended.use(await makeTestDatabase(dialect)), ended.use(await makeTestDatabase(dialect))];
  const open = async (address: string) => ended.use(await openDatabase({ address }));
  const parent = await openNodeForTests(await open(above.address), "centre");
  const running = await openNodeForTests(await open(below.address), "north");
  await enrol(running, parent);
  const beside = await openNodeForTests(await open(below.address), "north");
  return { parent, running, beside, [Symbol.asyncDispose]: () => ended.disposeAsync() };
}

describe.each(["sqlite", "postgres"] as const)("two programs over one database (%s)", (dialect) => {
  it("[S79] a verdict that comes late changes nothing that has been settled and gone on since", async () => {
    await using link = await openLink(dialect);
    const { parent, running, beside } = link;
    await running.save(aPatient("p"));
    const slow = holding(parent.answer, "push");
    await using first = synchronizerOf(running, slow);
    await using second = synchronizerOf(beside, parent.answer);

    const late = first.pushOnce(live);
    await slow.reached;
    await second.pushOnce(live);
    await beside.save(aPatient("p", { gender: "other" }));
    await second.pushOnce(live);
    const before = await readLinkBases(beside.database, "centre", [{ type: "Patient", id: "p" }]);
    slow.letGo();
    const report = await late;

    expect(report).toMatchObject({ status: "complete", pushed: 0 });
    expect([...before.values()]).toMatchObject([{ localVersion: 2, remoteVersion: 2 }]);
    expect(await readLinkBases(beside.database, "centre", [{ type: "Patient", id: "p" }])).toEqual(before);
    const pushes = await readAuditOfRecord(beside.database, "Patient/p", 9);
    expect(pushes.filter(({ operation }) => operation === "push")).toHaveLength(2);
    expect(await parent.bodies()).toEqual(await running.bodies());
  });

  it("[S79] a pull that comes late takes nothing back, and the marker stays with whoever read further", async () => {
    await using link = await openLink(dialect);
    const { parent, running, beside } = link;
    await parent.save(aPatient("p"));
    const slow = holding(parent.answer, "read");
    await using first = synchronizerOf(running, slow);
    await using second = synchronizerOf(beside, parent.answer);

    const late = first.pullOnce(live);
    await slow.reached;
    await parent.save(aPatient("p", { gender: "other" }), aPatient("q"));
    await second.pullOnce(live);
    const before = await readStreamMarker(beside.database, "centre", "everything");
    slow.letGo();
    await late;

    expect(before).toMatchObject({ position: 3 });
    expect(await readStreamMarker(beside.database, "centre", "everything")).toEqual(before);
    expect(await running.bodies()).toEqual(await parent.bodies());
    expect(await running.store.history(running.database, { limit: 9 })).toHaveLength(2);
  });

  it("[S79] rounds at the same moment take every change once", async () => {
    await using link = await openLink(dialect);
    const { parent, running, beside } = link;
    for (let n = 0; n < 12; n++) {
      await running.save(aPatient(`c${n % 4}`, { multipleBirthInteger: n }));
      await parent.save(aPatient(`p${n % 4}`, { multipleBirthInteger: n }));
      await using first = synchronizerOf(running, parent.answer);
      await using second = synchronizerOf(beside, parent.answer);
      const reports = await Promise.all([
        first.pushOnce(live).then(() => first.pullOnce(live)),
        second.pushOnce(live).then(() => second.pullOnce(live)),
      ]);
      expect(reports.map(({ error }) => error)).toEqual([undefined, undefined]);
      await moveAll(parent.database);
    }
    await using last = synchronizerOf(running, parent.answer);
    await last.pushOnce(live);
    await moveAll(parent.database);
    const done = await last.pullOnce(live);

    expect(done).toMatchObject({ status: "complete" });
    expect(await running.bodies()).toEqual(await parent.bodies());
    expect(await parent.store.history(parent.database, { limit: 99 })).toHaveLength(24);
    expect(await running.store.history(running.database, { limit: 99 })).toHaveLength(24);
  });
});

describe("two programs that write at the same moment (postgres)", () => {
  it("[S79] no base goes back where a pull agrees on a later version while a verdict is being settled", async () => {
    await using link = await openLink("postgres");
    const { parent, running, beside } = link;
    await parent.save(aPatient("p"));
    await using second = synchronizerOf(beside, parent.answer);
    await second.pullOnce(live);
    await running.save(aPatient("p", { gender: "other" }));
    const slow = holding(parent.answer, "push");
    await using first = synchronizerOf(running, slow);
    const late = first.pushOnce(live);
    await slow.reached;
    await moveAll(parent.database);
    await second.pullOnce(live);
    await parent.save(aPatient("p", { gender: "other", birthDate: "1980-01-01" }));

    const commit = holdingItsNextCommit(beside);
    const pulling = second.pullOnce(live);
    await commit.reached;
    slow.letGo();
    while ((await running.database.first<{ n: number }>(countWaiting))?.n === 0);
    commit.letGo();
    await Promise.all([pulling, late]);

    const bases = await readLinkBases(running.database, "centre", [{ type: "Patient", id: "p" }]);
    expect([...bases.values()]).toMatchObject([{ localVersion: 3, remoteVersion: 3 }]);
  });
});
