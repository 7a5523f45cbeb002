import { type Database, openDatabase, sql } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { saving } from "@tributary/fhir/testing";
import { describe, expect, it } from "vitest";
import { aNoteOn, aPatientIn, moveAll, openClinic, openNodeForTests, setCatchment } from "../../testing/index.ts";

const countWaiting = sql(`
  select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
const countLocks = sql("select count(*) as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()");
const membersMany = 3_000;

async function isWaiting(database: Database): Promise<void> {
  while ((await database.first<{ n: number }>(countWaiting))?.n === 0);
}

describe("writes at the same time (postgres)", () => {
  it("[S241] reach who has the patient, also where the patient comes in before they are committed", async () => {
    await using ended = new AsyncDisposableStack();
    const open = async () => {
      const { address } = ended.use(await makeTestDatabase("postgres"));
      return openDatabase({ address });
    };
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    const { database, store, outbox } = parent;
    await parent.save(aPatientIn("Nairobi", "p1"));
    await round();
    const decided = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const listening = outbox.onWriting(async () => {
      listening[Symbol.dispose]();
      decided.resolve();
      await gate.promise;
      return [];
    });

    const writing = database.transaction((tx) => store.write(tx, [saving(aNoteOn("p1", "o1"))]));
    await decided.promise;
    const entering = parent.save(aPatientIn("Kisumu", "p1"));
    await Promise.race([entering, isWaiting(database)]);
    await round();
    gate.resolve();
    await Promise.all([writing, entering]);
    await moveAll(database);
    await round();

    expect(Object.keys(await child.bodies())).toEqual(["Observation/o1", "Patient/p1"]);
  });

  it("[S241] do not wait for each other, and one takes a bounded number of locks for however many patients", async () => {
    await using made = await makeTestDatabase("postgres");
    const node = await openNodeForTests(await openDatabase({ address: made.address }), "centre");
    await using database = node.database;
    await setCatchment(node, "cohort", { cohort: "Group/g" });
    const member = Array.from({ length: membersMany }, (_, n) => ({ entity: { reference: `Patient/m${n}` } }));
    let locks = 0;

    await database.transaction(async (tx) => {
      await node.store.write(tx, [saving({ resourceType: "Group", id: "g", type: "person", actual: true, member })]);
      tx.beforeCommit(async () => {
        locks = (await tx.first<{ n: number }>(countLocks))?.n ?? 0;
      });
    });

    expect(locks).toBeGreaterThan(1_000);
    expect(locks).toBeLessThanOrEqual(2_048);
  });
});
