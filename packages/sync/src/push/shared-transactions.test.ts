import { hash } from "node:crypto";
import { readAuditOfRecord } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { allFeed, readFeedHead, readFeedRange } from "@tributary/events";
import { type JsonObject, resourceSaved } from "@tributary/fhir";
import { aPatient } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { parseVerdicts } from "./parse-verdicts.ts";
import type { PushedRecord, PushUnit, UnitVerdict } from "./push-unit.ts";
import { takeGroups } from "./take-groups.ts";
import { nextGroups } from "./unit-groups.ts";

const live = new AbortController().signal;

interface Link extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
}

async function openLink(open: () => Promise<Database>): Promise<Link> {
  const databases = [await open(), await open()] as const;
  const parent = await openNodeForTests(databases[0], "centre");
  const child = await openNodeForTests(databases[1], "north");
  await enrol(child, parent);
  return {
    parent,
    child,
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.close();
    },
  };
}

async function push({ parent, child }: Link, line: Exchange = parent.answer) {
  await using synchronizer = synchronizerOf(child, line);
  const report = await synchronizer.pushOnce(live);
  await moveAll(parent.database);
  return report;
}

/** A unit of the child with one record, as it is after it has been read from a request. */
function unitOf(counter: number, resource: JsonObject, baseBody: string | null = null): PushUnit {
  const body = JSON.stringify(resource);
  const record: PushedRecord = {
    type: String(resource["resourceType"]),
    id: String(resource["id"]),
    version: counter,
    body,
    bodyHash: hash("sha256", body),
    baseVersion: null,
    baseDigest: null,
    baseBody,
    isSuperseded: false,
    origin: null,
    author: null,
    writtenAt: null,
  };
  return { operationId: `north.a:${counter}`, records: [record] };
}

/** Lets a node fail on whatever brings the patient of this name. */
function poisoned({ store }: NodeForTests): Disposable {
  return store.bus.on(resourceSaved.any, "within-transaction", ({ key }) => {
    if (key.id === "poison") throw new Error("the disk has a bad block here");
  });
}

/** A line whose far end answers 500 where it fails. */
function failing(line: Exchange): Exchange {
  return (request, signal) =>
    line(request, signal).catch(() => ({ status: 500, headers: {}, body: new Uint8Array(), wireBytes: 0 }));
}

/** What the parent's log says, as `id version`, by the transaction that it names. */
async function transactionsOf({ database }: NodeForTests): Promise<string[][]> {
  const entries = await readFeedRange(database, allFeed, 1, await readFeedHead(database, allFeed));
  const byTransaction = Map.groupBy(entries, ({ record }) => record.transactionId);
  return [...byTransaction.values()].map((some) => some.map(({ record }) => `${record.entityId} ${record.version}`));
}

/** Counts the transactions that a database begins. */
function countTransactions(database: Database): { readonly count: number } {
  const counted = { count: 0 };
  const transaction = database.transaction.bind(database);
  database.transaction = (work) => {
    counted.count += 1;
    return transaction(work);
  };
  return counted;
}

describeOnEachDatabase("units that share a transaction", (open) => {
  it("[S170] are told to readers as a transaction each, whether they are new, edited or merged", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(aPatient("p"), aPatient("q"));
    await push(link);
    await parent.save(aPatient("p", { gender: "female" }));
    await child.save(aPatient("p", { birthDate: "1980-01-01" }));
    await child.save(aPatient("q", { gender: "male" }));
    await child.save(aPatient("r"), aPatient("s"));
    for (let n = 0; n < 9; n++) await child.save(aPatient(`n${n}`));
    const begun = countTransactions(parent.database);

    const report = await push(link);

    expect(report).toMatchObject({ status: "complete", pushed: 12, merged: 1 });
    expect(begun.count).toBeLessThan(12);
    expect((await transactionsOf(parent)).map((one) => one.toSorted().join()).toSorted()).toEqual(
      ["p 1,q 1", "p 2", "p 3", "q 2", "r 1,s 1", ...Array.from({ length: 9 }, (_, n) => `n${n} 1`)].toSorted(),
    );
  });

  it("[S170] are each taken by itself, once, when one of them cannot be judged", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 40; n++) await child.save(aPatient(n === 17 ? "poison" : `n${n}`));
    using _ = poisoned(parent);

    const report = await push(link, failing(parent.answer));

    expect(report).toMatchObject({ status: "partial", pushed: 39, delayed: 1, queued: 0, refused: 0 });
    expect(Object.keys(await parent.bodies())).toHaveLength(39);
    const told = await transactionsOf(parent);
    expect(told).toHaveLength(39);
    expect(told.every(([first]) => first?.endsWith(" 1"))).toBe(true);
    expect(await readAuditOfRecord(parent.database, "Patient/n16", 9)).toHaveLength(1);
    expect(await readAuditOfRecord(parent.database, "Patient/poison", 9)).toEqual([]);
  });

  it("[S170] keep the order of the edits of one record when they have to be taken one by one", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    const first = unitOf(1, aPatient("p", { gender: "female" }));
    const later = unitOf(3, aPatient("p", { gender: "male" }), first.records[0]!.body);
    using _ = poisoned(parent);
    const verdicts = new Map<string, UnitVerdict>();
    const tell = (given: ReadonlyMap<string, UnitVerdict>) =>
      given.forEach((one, name) => void verdicts.set(name, one));

    for (let left: readonly PushUnit[] = [first, unitOf(2, aPatient("poison")), later]; left.length > 0; ) {
      const { groups, rest } = nextGroups(parent.database.dialect, left);
      left = rest;
      const taken = takeGroups(groups, { ...parent, nodeId: parent.id, child: child.id, tell });
      await taken.catch((error: Error) => expect(error.message).toBe("the disk has a bad block here"));
    }

    expect([...verdicts].map(([operationId, { kind }]) => [operationId, kind])).toEqual([
      [first.operationId, "taken"],
      [later.operationId, "taken"],
    ]);
    const { stored: told } = (await parent.store.history(parent.database, { since: 0, limit: 9 }))[0]!;
    expect(told).toMatchObject({ version: 2, body: later.records[0]!.body });
    expect(await parent.store.readVersion(parent.database, told.key, 1)).toMatchObject({
      body: first.records[0]!.body,
    });
  });

  it("[S33] take effect once when their request arrives twice in the same moment", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 40; n++) await child.save(aPatient(`n${n}`));
    const answers: ReadonlyMap<string, unknown>[] = [];
    const doubling: Exchange = async (request, signal) => {
      const both = await Promise.all([parent.answer(request, signal), parent.answer(request, signal)]);
      answers.push(...both.map(({ body }) => parseVerdicts(Buffer.from(body).toString()).verdicts));
      return both[0];
    };

    const report = await push(link, doubling);

    expect(report).toMatchObject({ status: "complete", pushed: 40 });
    expect(answers[1]).toEqual(answers[0]);
    expect(await transactionsOf(parent)).toHaveLength(40);
    for (const id of ["n0", "n39"]) {
      expect(await readAuditOfRecord(parent.database, `Patient/${id}`, 9)).toHaveLength(1);
    }
  });
});
