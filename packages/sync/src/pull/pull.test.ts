import { readAuditOfRecord, readLatestAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { beginEpoch, readFeedHead, readFeedRange, streamFeed } from "@tributary/events";
import { aPatient } from "@tributary/fhir/testing";
import { newUuid, systemClock, systemRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  falsifying,
  moveAll,
  type NodeForTests,
  openPair,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { everythingStream, streamPageEntries } from "../line/protocol.ts";

const live = new AbortController().signal;
const patients = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => aPatient(`p${from + n}`, { active: true }));

/** Pulls over a bad line until a pull is no longer broken off. */
async function pullThrough(child: NodeForTests, line: Exchange, attemptsMax: number) {
  await using synchronizer = synchronizerOf(child, line);
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const report = await synchronizer.pullOnce(live);
    await moveAll(child.database);
    if (report.status !== "interrupted") return { report, attempt };
  }
  throw new Error(`The pull did not end within ${attemptsMax} attempts.`);
}

describeOnEachDatabase("a pull", (open) => {
  it("[S7] brings a child to exactly what its parent holds", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(3));
    await parent.save(aPatient("p1", { active: false }), {
      resourceType: "Observation",
      id: "o1",
      status: "final",
      code: { text: "x" },
    });

    const { report } = await pullThrough(child, parent.answer, 1);

    expect(report).toMatchObject({ status: "complete", applied: 4, failed: 0, waiting: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S8] of the same state, a second time, writes no record, no event and no audit entry", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(5));
    await pullThrough(child, parent.answer, 1);
    const [events, audit] = [
      await readFeedHead(child.database, streamFeed(everythingStream)),
      await readLatestAudit(child.database, 100),
    ];

    const { report } = await pullThrough(child, parent.answer, 1);

    expect(report).toMatchObject({ status: "complete", applied: 0 });
    expect(await readFeedHead(child.database, streamFeed(everythingStream))).toBe(events);
    expect(await readLatestAudit(child.database, 100)).toEqual(audit);
  });

  it("[S3] fetches a record that changed many times once", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    for (let turn = 0; turn < 10; turn++) await parent.save(aPatient("busy", { multipleBirthInteger: turn }));
    const line = counting(parent.answer);

    const { report } = await pullThrough(child, line, 1);

    expect(report.applied).toBe(1);
    expect(line.paths.filter((path) => path === "read")).toHaveLength(1);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S9] keeps id, content and origin, and is not the child's own change", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("p1"));

    await pullThrough(child, parent.answer, 1);

    const [there, here] = [
      await parent.store.read(parent.database, { type: "Patient", id: "p1" }),
      await child.store.read(child.database, { type: "Patient", id: "p1" }),
    ];
    expect(here).toMatchObject({
      body: there?.body,
      bodyHash: there?.bodyHash,
      originNode: "centre",
      originOperation: there?.originOperation,
    });
    const head = await readFeedHead(child.database, streamFeed(everythingStream));
    const origins = (await readFeedRange(child.database, streamFeed(everythingStream), 1, head)).map(
      ({ record }) => record.originNode,
    );
    expect(origins).toEqual(["centre"]);
  });

  it("[S12] deletes what was deleted, and brings back what was saved again", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(2));
    await pullThrough(child, parent.answer, 1);

    await parent.remove("Patient", "p0");
    await pullThrough(child, parent.answer, 1);
    const deleted = await child.store.read(child.database, { type: "Patient", id: "p0" });
    await parent.save(aPatient("p0", { active: false }));
    await pullThrough(child, parent.answer, 1);

    expect(deleted?.operation).toBe("delete");
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S12] does not make a record appear by its deletion", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("brief"));
    await parent.remove("Patient", "brief");

    const { report } = await pullThrough(child, parent.answer, 1);

    expect(report).toMatchObject({ status: "complete", applied: 0 });
    expect(await child.store.read(child.database, { type: "Patient", id: "brief" })).toBeUndefined();
  });

  it("[S15] costs an idle child one request with an empty answer", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(3));
    await using synchronizer = synchronizerOf(child, parent.answer);
    await synchronizer.pullOnce(live);

    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "complete", requests: 1, bytesDown: 0, applied: 0 });
  });

  it("[S1] goes over page ends without losing or repeating an entry", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(streamPageEntries));
    const first = await pullThrough(child, parent.answer, 1);
    await parent.save(...patients(streamPageEntries + 1, streamPageEntries));
    const second = await pullThrough(child, parent.answer, 1);

    expect([first.report.applied, second.report.applied]).toEqual([streamPageEntries, streamPageEntries + 1]);
    expect(second.report.marker?.position).toBe(2 * streamPageEntries + 1);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S7] that is broken off at every single request still ends complete, each record applied once", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(streamPageEntries + 20));
    await parent.save(aPatient("p3", { active: false }));
    const cuts = new Set<string>();
    const line = cutting(parent.answer, (request) => {
      const key = request.url.href + (request.body ?? "");
      if (cuts.has(`${key} after`)) return undefined;
      const moment = cuts.has(`${key} before`) ? "after" : "before";
      cuts.add(`${key} ${moment}`);
      return moment;
    });

    const { report, attempt } = await pullThrough(child, line, 60);

    expect(report.status).toBe("complete");
    expect(attempt).toBeGreaterThan(4);
    expect(await child.bodies()).toEqual(await parent.bodies());
    const applied = (await readLatestAudit(child.database, 10_000)).filter(({ operation }) => operation === "pull");
    expect(new Set(applied.map(({ reference }) => reference)).size).toBe(applied.length);
  });

  it("[S14] that is broken off is reported as interrupted, never as complete", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(2));
    await using synchronizer = synchronizerOf(
      child,
      cutting(parent.answer, (request) => (request.url.pathname.endsWith("read") ? "before" : undefined)),
    );

    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "interrupted", error: { code: "REMOTE_UNAVAILABLE" }, applied: 0 });
  });

  it.each([
    [
      "a portal's page instead of a page",
      () => ({ body: Buffer.from("<html>Log in</html>"), contentType: "text/html" }),
    ],
    ["a portal's page under the right type", () => ({ body: Buffer.from("<html>Log in</html>") })],
    ["a cut answer", (body: Buffer) => ({ body: body.subarray(0, body.byteLength - 9) })],
  ])("[S2] takes nothing from %s, and leaves the marker", async (_, falsify) => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(2));
    await using synchronizer = synchronizerOf(child, falsifying(parent.answer, falsify));

    const report = await synchronizer.pullOnce(live);

    expect(report).toMatchObject({ status: "interrupted", error: { code: "REMOTE_NONSENSE" }, marker: undefined });
    expect(await child.bodies()).toEqual({});
  });

  it("[S4] takes nothing from a batch in which one byte has changed", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("p1", { active: true }));
    const line = falsifying(parent.answer, (body, request) =>
      request.url.pathname.endsWith("read")
        ? { body: Buffer.from(body.toString().replace("true", "tru3")) }
        : undefined,
    );

    await using synchronizer = synchronizerOf(child, line);
    const report = await synchronizer.pullOnce(live);

    expect(report.status).toBe("interrupted");
    expect(await child.bodies()).toEqual({});
  });

  it("[S10] notes a record that the parent announced and does not have, and takes in the others", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(3));
    const hiding = falsifying(parent.answer, (body, request) => {
      if (!request.url.pathname.endsWith("read")) return undefined;
      const lines = body.toString().trimEnd().split("\n");
      const at = lines.findIndex((line) => line.startsWith('["Patient","p1"'));
      const kept =
        at < 0 ? lines : [...lines.slice(0, at), ...lines.slice(at + 2, -1), '["Patient","p1"]', lines.at(-1)!];
      return { body: Buffer.from(`${kept.join("\n")}\n`), isLie: true };
    });

    const { report } = await pullThrough(child, hiding, 1);

    expect(report).toMatchObject({ status: "partial", applied: 2, failed: 1, waiting: 1 });
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p0", "Patient/p2"]);
  });

  it("[S10] isolates the one record that the store cannot take, and tries it again later", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(9));
    const apply = child.store.apply.bind(child.store);
    let isPoisoned = true;
    child.store.apply = async (tx, incoming) => {
      if (isPoisoned && incoming.some(({ key }) => key.id === "p4")) throw new TypeError("cannot index this");
      return apply(tx, incoming);
    };

    const first = await pullThrough(child, parent.answer, 1);
    isPoisoned = false;
    await parent.save(aPatient("p4", { active: false }));
    const second = await pullThrough(child, parent.answer, 1);

    expect(first.report).toMatchObject({ status: "partial", applied: 8, waiting: 1 });
    expect(second.report).toMatchObject({ status: "complete", applied: 1, waiting: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S11] does not overwrite an edit made at the child, and says that one waits", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(2));
    await pullThrough(child, parent.answer, 1);
    await child.save(aPatient("p0", { active: false, multipleBirthInteger: 2 }));
    await parent.save(aPatient("p0", { active: true, multipleBirthInteger: 3 }), aPatient("p1", { active: false }));

    const { report } = await pullThrough(child, parent.answer, 1);

    expect(report).toMatchObject({ status: "partial", applied: 1, waiting: 1 });
    expect((await child.bodies())["Patient/p0"]).toContain('"multipleBirthInteger":2');
    expect((await child.bodies())["Patient/p1"]).toEqual((await parent.bodies())["Patient/p1"]);
  });

  it("[S13] notices another history and reads it from its beginning, writing only what differs", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(...patients(6));
    await pullThrough(child, parent.answer, 1);
    await parent.database.transaction((tx) => beginEpoch(tx, newUuid(systemClock, systemRandom)));
    await parent.save(aPatient("p2", { active: false }));

    const { report } = await pullThrough(child, parent.answer, 1);

    expect(report).toMatchObject({ status: "complete", applied: 1, waiting: 0 });
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S6] leaves record, audit entry and marker all behind, or none, when its transaction fails", async () => {
    await using pair = await openPair(open, { child: "clinic" });
    const { parent, child } = pair;
    await parent.save(aPatient("p1"));
    const transaction = child.database.transaction.bind(child.database);
    let failures = 0;
    child.database.transaction = (work) =>
      transaction(async (tx) => {
        const result = await work(tx);
        const head = await child.store.read(tx, { type: "Patient", id: "p1" });
        if (head && failures++ === 0) throw new Error("the power failed before the commit");
        return result;
      });
    await using synchronizer = synchronizerOf(child, parent.answer);

    await expect(synchronizer.pullOnce(live)).rejects.toThrow("the power failed");
    const nothing = [await child.bodies(), await readAuditOfRecord(child.database, "Patient/p1", 9)];
    const report = await synchronizer.pullOnce(live);

    expect(nothing).toEqual([{}, []]);
    expect(report).toMatchObject({ status: "complete", applied: 1 });
    expect(await readAuditOfRecord(child.database, "Patient/p1", 9)).toHaveLength(1);
  });
});
