import { type Database, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { saving } from "@tributary/fhir/testing";
import type { Clock } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  type ClinicForTests,
  moveAll,
  type NodeForTests,
  openClinic,
  synchronizerOf,
} from "../../../testing/index.ts";
import { listFailures } from "../../failures/list-failures.ts";

const day = 24 * 3_600_000;
const countWaiting = sql(`
  select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);

/** Edits a note of `p1` as a client does: with PostgreSQL it has no place in the log when it is acknowledged. */
function edit({ database, store }: NodeForTests, beforeCommit = async () => {}): Promise<unknown> {
  return database.transaction(async (tx) => {
    await store.write(tx, [saving(aNoteOn("p1", "o1", "acknowledged"))]);
    await beforeCommit();
  });
}

/** Pulls once, and does something behind the answer that tells who left. */
async function pullWhile({ parent, child }: ClinicForTests, act: () => Promise<unknown>): Promise<void> {
  const once = { done: false };
  await using synchronizer = synchronizerOf(child, async (request, signal) => {
    const answer = await parent.answer(request, signal);
    if (request.url.pathname.includes("/streams/") && !once.done) {
      once.done = true;
      await act();
    }
    return answer;
  });
  await synchronizer.pullOnce(new AbortController().signal);
}

/** Lets the process die at a database's first scrub. */
function dyingAtScrub(database: Database, scrubs: string[]): Database {
  const scrub = database.scrub.bind(database);
  database.scrub = async () => {
    scrubs.push(scrubs.length === 0 ? "died" : "done");
    if (scrubs.length === 1) throw new Error("The process died.");
    return scrub();
  };
  return database;
}

describeOnEachDatabase("who has left a catchment", (open, dialect) => {
  it("[S107] is purged from the files too when the process died behind the purge, and once", async () => {
    const scrubs: string[] = [];
    await using two = await openClinic(async () => dyingAtScrub(await open(), scrubs));
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await expect(round()).rejects.toThrow("died");

    await round();
    await round();

    expect(scrubs).toEqual(["died", "done"]);
    expect(await child.bodies()).toEqual({});
  });

  it("[S107] is not kept by a clock that was set back", async () => {
    const time = { now: Date.UTC(2026, 0, 5) };
    const clock: Clock = { now: () => time.now, sleep: async () => {} };
    await using two = await openClinic(open, { clock, afterExit: { keep: { forMs: day } } });
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await round();
    const kept = await child.bodies();

    time.now -= 2 * 365 * day;
    await round();

    expect(Object.keys(kept)).toEqual(["Patient/p1"]);
    expect(await child.bodies()).toEqual({});
  });

  it("[S233] keeps an edit that was committed just before the purge, until the parent has it", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));

    await pullWhile(two, () => edit(child));
    const kept = await child.bodies();
    await moveAll(child.database);
    for (let n = 0; n < 2; n++) await round();

    expect(kept["Observation/o1"]).toContain("acknowledged");
    expect((await parent.bodies())["Observation/o1"]).toContain("acknowledged");
    expect(await child.bodies()).toEqual({});
  });

  it("[S233] keeps an edit that is being written while its patient is purged", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    const written = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let editing: Promise<unknown> = Promise.resolve();

    const pulling = pullWhile(two, () => {
      editing = edit(child, async () => {
        written.resolve();
        await gate.promise;
      });
      return written.promise;
    });
    await written.promise;
    // With SQLite nothing else is written meanwhile.
    while (dialect === "postgres" && (await child.database.first<{ n: number }>(countWaiting))?.n === 0);
    gate.resolve();
    await Promise.all([editing, pulling]);
    await moveAll(child.database);
    for (let n = 0; n < 2; n++) await round();

    expect((await parent.bodies())["Observation/o1"]).toContain("acknowledged");
    expect(await child.bodies()).toEqual({});
  });

  it("[S235] leaves nothing in what was refused, so that who comes back is edited as if never here before", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    for (const gender of ["unheard-of", "unthought-of"]) await child.save(aPatientIn("Kisumu", "p1", { gender }));
    await round();
    const refused = await listFailures(child.database, { limit: 9 });
    await parent.save(aPatientIn("Mombasa", "p1"));
    await round();
    const left = await listFailures(child.database, { limit: 9 });
    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();

    await child.save(aPatientIn("Kisumu", "p1", { gender: "female" }), aNoteOn("p1", "o1"));
    const { pushed } = await round();

    expect([refused, left].map((failures) => failures.length)).toEqual([1, 0]);
    expect(pushed).toMatchObject({ status: "complete", pushed: 2 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S235] takes the patient alone out of what was refused with records of others", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2"));
    await round();
    await child.save(
      aPatientIn("Kisumu", "p1", { gender: "unheard-of" }),
      aPatientIn("Kisumu", "p2", { active: true }),
    );
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await round();

    const [failure] = await listFailures(child.database, { limit: 9 });
    await child.save(aPatientIn("Kisumu", "p2", { active: false }));
    const { pushed } = await round();

    expect(failure?.references).toEqual(["Patient/p2"]);
    expect(pushed).toMatchObject({ status: "complete", pushed: 1 });
    expect(await child.bodies()).toEqual({ "Patient/p2": (await parent.bodies())["Patient/p2"] });
  });
});
