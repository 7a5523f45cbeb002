import { readLatestAudit } from "@tributary/audit";
import { type Database, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { bodyHashOf } from "@tributary/fhir";
import { aPatient, saving } from "@tributary/fhir/testing";
import { expect, it } from "vitest";
import { counting, enrol, moveAll, type NodeForTests, openNodeForTests, synchronizerOf } from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { readSyncStatus } from "../sync-status.ts";

const live = new AbortController().signal;
const patients = (count: number) => Array.from({ length: count }, (_, n) => aPatient(`p${n}`, { active: true }));

interface Pair extends AsyncDisposable {
  readonly parent: NodeForTests;
  readonly child: NodeForTests;
  sync(): Promise<void>;
  verify(isRepairing?: boolean, line?: Exchange): ReturnType<ReturnType<typeof synchronizerOf>["verifyOnce"]>;
}

async function openPair(open: () => Promise<Database>): Promise<Pair> {
  const [parentDatabase, childDatabase] = [await open(), await open()];
  const parent = await openNodeForTests(parentDatabase, "centre");
  const child = await openNodeForTests(childDatabase, "clinic");
  await enrol(child, parent);
  return {
    parent,
    child,
    async sync() {
      await using synchronizer = synchronizerOf(child, parent.answer);
      await synchronizer.pushOnce(live);
      await moveAll(parent.database);
      await synchronizer.pullOnce(live);
      await moveAll(child.database);
    },
    async verify(isRepairing = false, line = parent.answer) {
      const settling: Exchange = async (request, signal) => {
        await moveAll(child.database);
        const answer = await line(request, signal);
        await moveAll(parent.database);
        return answer;
      };
      await using synchronizer = synchronizerOf(child, settling);
      return synchronizer.verifyOnce(live, { isRepairing });
    },
    async [Symbol.asyncDispose]() {
      await parentDatabase.close();
      await childDatabase.close();
    },
  };
}

/** What a fault of a disk or a program does: a record is gone, or different, and nobody was told. */
async function damage({ database }: NodeForTests, id: string): Promise<void> {
  await database.transaction((tx) => tx.run(sql("update resource set is_deleted = 1 where id = $1"), [id]));
}

async function falsify(node: NodeForTests, id: string): Promise<void> {
  const { body } = (await node.store.read(node.database, { type: "Patient", id }))!;
  await node.database.transaction((tx) =>
    tx.run(
      sql(`update resource_version set body = $1, body_hash = $2
           where resource_key = (select resource_key from resource where id = $3)`),
      [`${body} `, bodyHashOf(`${body} `), id],
    ),
  );
}

describeOnEachDatabase("verifying", (open) => {
  it("[S140] finds a child and its parent identical in one request with a short answer", async () => {
    await using pair = await openPair(open);
    const { parent, sync, verify } = pair;
    await parent.save(...patients(30), { resourceType: "Organization", id: "o", name: "Clinic" });
    await parent.remove("Patient", "p3");
    await sync();
    const line = counting(parent.answer);

    const report = await verify(false, line);

    expect(report).toMatchObject({ outcome: "identical", records: 30, differences: [], requests: 1 });
    expect(report.bytesDown).toBeLessThan(1024);
    expect(line.paths).toEqual(["verify/root"]);
    expect((await readSyncStatus(pair.child.database, "clinic")).parent?.verified).toMatchObject({
      outcome: "identical",
      identicalAt: expect.any(Number),
    });
  });

  it("[S141] names exactly the records that differ, and changes nothing", async () => {
    await using pair = await openPair(open);
    const { parent, child, sync, verify } = pair;
    await parent.save(...patients(30));
    await sync();
    await damage(child, "p1");
    await damage(parent, "p2");
    await falsify(child, "p4");

    const report = await verify();

    expect(report.outcome).toBe("different");
    expect([...report.differences].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { kind: "missing-here", type: "Patient", id: "p1" },
      { kind: "missing-there", type: "Patient", id: "p2" },
      { kind: "different", type: "Patient", id: "p4" },
    ]);
    expect((await verify()).differences).toHaveLength(3);
  });

  it("[S142] does not count what waits to be sent, or to be taken in, as a difference", async () => {
    await using pair = await openPair(open);
    const { parent, child, sync, verify } = pair;
    await parent.save(...patients(10));
    await sync();
    await child.save(aPatient("p1", { active: false }), aPatient("new"));
    await child.remove("Patient", "p2");

    const report = await verify();

    expect(report).toMatchObject({ outcome: "identical", differences: [], waiting: 2 });
  });

  it("[S143] compares at one place of the stream, and begins again when either side has moved", async () => {
    await using pair = await openPair(open);
    const { parent, child, sync, verify } = pair;
    await parent.save(...patients(5));
    await sync();
    let count = 0;
    const busy: Exchange = async (request, signal) => {
      if (request.url.pathname.endsWith("/verify/root") && ++count <= 2) await parent.save(aPatient(`late${count}`));
      return parent.answer(request, signal);
    };

    const report = await verify(false, busy);

    expect(report).toMatchObject({ outcome: "identical", records: 7 });
    expect(count).toBe(3);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });

  it("[S143] says so when changes come faster than they can be compared", async () => {
    await using pair = await openPair(open);
    const { parent, sync, verify } = pair;
    await parent.save(...patients(2));
    await sync();
    let count = 0;
    const restless: Exchange = async (request, signal) => {
      if (request.url.pathname.endsWith("/verify/root")) await parent.save(aPatient(`late${count++}`));
      return parent.answer(request, signal);
    };

    expect((await verify(false, restless)).outcome).toBe("out-of-step");
  });

  it("[S144] repairs by fetching what the parent has and sending what it does not, and leaves a trace of each", async () => {
    await using pair = await openPair(open);
    const { parent, child, sync, verify } = pair;
    await parent.save(...patients(20));
    await sync();
    await falsify(child, "p4");
    await child.database.transaction(async (tx) => {
      await tx.run(
        sql("delete from resource_version where resource_key in (select resource_key from resource where id = 'p1')"),
      );
      await tx.run(sql("delete from resource where id = 'p1'"));
    });
    await parent.database.transaction(async (tx) => {
      await tx.run(
        sql("delete from resource_version where resource_key in (select resource_key from resource where id = 'p2')"),
      );
      await tx.run(sql("delete from resource where id = 'p2'"));
    });

    const report = await verify(true);

    expect(report).toMatchObject({ outcome: "identical", repaired: 3, differences: [] });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(Object.keys(await parent.bodies())).toHaveLength(20);
    const traces = (await readLatestAudit(child.database, 50)).filter(({ outcome }) => outcome === "repaired");
    expect(traces.map(({ reference }) => reference).sort()).toEqual(["Patient/p1", "Patient/p2", "Patient/p4"]);
  });

  it("[S144] takes a deletion that was missed, and never an own edit", async () => {
    await using pair = await openPair(open);
    const { parent, child, sync, verify } = pair;
    await parent.save(...patients(6));
    await sync();
    await damage(parent, "p0");
    await parent.database.transaction((tx) => parent.store.write(tx, [saving(aPatient("p5", { gender: "other" }))]));
    await parent.database.transaction((tx) => tx.run(sql("update resource set is_deleted = 0 where id = 'p0'")));
    await parent.remove("Patient", "p0");
    await moveAll(parent.database);
    await child.save(aPatient("p5", { active: false }));

    const report = await verify(true);

    expect(report.outcome).toBe("identical");
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect((await parent.bodies())["Patient/p5"]).toContain("other");
    expect((await parent.bodies())["Patient/p5"]).toContain("false");
  });
});
