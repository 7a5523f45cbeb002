import { listAudit } from "@tributary/audit";
import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  cutting,
  endPasses,
  enrol,
  livingIn,
  openClinic,
  openNodeForTests,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { readFetches } from "./follow/compartment-fetches.ts";
import { refuseForeignWrites } from "./follow/refuse-writes.ts";
import { listMembers } from "./members.ts";
import { continuePasses, listPasses } from "./passes.ts";
import { previewRule } from "./preview-rule.ts";
import { guestsPerHour } from "./serve/guest-handler.ts";
import { setCatchmentRule } from "./set-rule.ts";
import { visibilityOf } from "./visibility.ts";

const live = new AbortController().signal;
const dayMs = 24 * 3_600_000;
const removeCatchment = sql("delete from child_catchments");

describeOnEachDatabase("the limits of a catchment", (open) => {
  it("[S100] what is not shown is answered as what is not there, and asking for it is audited once a minute", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await parent.save(aPatientIn("Kisumu", "in"), aPatientIn("Nairobi", "out"), aNoteOn("out", "o1"));
    await round();
    const visibility = await visibilityOf(parent.database, child.id);
    const asked = ["in", "out", "unknown"].map((id) => ({ type: "Patient", id }));

    expect([...(await visibility.mayRead(parent.database, asked))]).toEqual(["Patient/in"]);
    expect([...visibility.streams].sort()).toEqual(["catchment.kisumu", "metadata"]);
  });

  it("[S114] enters how often a child asked for what it may not see, and never for what", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"));
    await round();
    await assign(parent, child, "everything");
    await round();
    await assign(parent, child, "kisumu");
    await using thief = synchronizerOf(child, parent.answer);

    for (let n = 0; n < 3; n++) await thief.fetchGuestOnce({ patient: "p2", purpose: "theft", days: 1 }, "x", live);
    await round();
    await round();

    const { entries } = await listAudit(parent.database, { operation: "failed-attempt" }, { limit: 50 });
    expect(entries.map(({ actor, reference, error }) => [actor, reference, error])).toEqual([
      [child.id, null, "outside-catchment:1"],
    ]);
  });

  it("[S103] decides about the patients of a Group, an encounter, and a place that is part of another now", async () => {
    await using database = await open();
    const parent = await openNodeForTests(database, "centre");
    await setCatchment(parent, "tb", { cohort: "Group/tb" });
    await setCatchment(parent, "north", { location: { within: ["Location/north"], by: ["encounter"] } });
    const members = async (name: string) => (await listMembers(database, name, "", 9)).map(({ patient }) => patient);
    const group = (...ids: string[]) => ({
      resourceType: "Group",
      id: "tb",
      type: "person",
      actual: true,
      member: ids.map((id) => ({ entity: { reference: `Patient/${id}` } })),
    });
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"), group("p1"));
    expect(await members("tb")).toEqual(["p1"]);

    await parent.save(group("p2"));
    await parent.save(
      { resourceType: "Location", id: "ward" },
      {
        resourceType: "Encounter",
        id: "e1",
        status: "finished",
        class: { code: "AMB" },
        subject: { reference: "Patient/p1" },
        location: [{ location: { reference: "Location/ward" } }],
      },
    );
    await endPasses(parent);
    expect([await members("tb"), await members("north")]).toEqual([["p2"], []]);

    await parent.save({ resourceType: "Location", id: "ward", partOf: { reference: "Location/north" } });
    await endPasses(parent);
    expect(await members("north")).toEqual(["p1"]);
  });

  it("[S103] moves a tenth of all patients by another rule, in portions that go on where they were broken off", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    const people = Array.from({ length: 500 }, (_, n) => aPatientIn(n % 10 === 0 ? "Nairobi" : "Kisumu", `p${n}`));
    await parent.save(...people);
    await round();
    expect(Object.keys(await child.bodies())).toHaveLength(450);
    const { database, memberships, id: nodeId, clock } = parent;
    const rule = { any: [livingIn("Kisumu"), livingIn("Nairobi")] };

    const preview = await previewRule(database, memberships, { name: "kisumu", rule });
    await database.transaction((tx) =>
      setCatchmentRule(tx, { name: "kisumu", rule, author: "op", reason: "grown" }, { memberships, nodeId, clock }),
    );
    while ((await listPasses(database))[0]?.done === 0) await continuePasses(database, memberships, clock);
    const half = (await listPasses(database))[0];
    await endPasses(parent);
    await round();

    expect(preview).toMatchObject({ members: 500, entering: 50, leaving: 0, undecided: 0 });
    expect(half).toMatchObject({ done: 200, total: 500, endedAt: null });
    expect(Object.keys(await child.bodies())).toHaveLength(500);
  });

  it("[S102] suspends whom a rule cannot be evaluated for any more: nothing new comes, nothing goes", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    const group = {
      resourceType: "Group",
      id: "g",
      type: "person",
      actual: true,
      member: [{ entity: { reference: "Patient/p1" } }],
    };
    await setCatchment(parent, "kisumu", { cohort: "Group/g" });
    await parent.save(aPatientIn("Kisumu", "p1"), group);
    await round();

    await parent.remove("Group", "g");
    await endPasses(parent);
    await parent.save(aNoteOn("p1", "hidden"), aPatientIn("Kisumu", "p1", { active: true }));
    await round();
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p1"]);
    expect((await child.bodies())["Patient/p1"]).not.toContain("active");

    await parent.save(group);
    await round();
    expect(Object.keys(await child.bodies())).toEqual(["Observation/hidden", "Patient/p1"]);
  });

  it("[S104] takes a record away alone that is another patient's now", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await parent.save(
      aPatientIn("Kisumu", "p1"),
      aPatientIn("Nairobi", "p2"),
      aNoteOn("p1", "o1"),
      aNoteOn("p1", "o2"),
    );
    await round();

    await parent.save(aNoteOn("p2", "o1"));
    await round();

    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p1"]);
  });

  it("[S105] refuses an edit of a patient whom the child never had", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await parent.save(aPatientIn("Nairobi", "secret", { gender: "male" }));
    await child.save(aPatientIn("Kisumu", "secret"));

    const { pushed } = await round();

    expect(pushed).toMatchObject({ rejected: 1 });
    expect((await parent.bodies())["Patient/secret"]).toContain("Nairobi");
    expect(JSON.stringify(await child.bodies())).not.toContain("male");
    const { entries } = await listAudit(parent.database, { operation: "failed-attempt" }, { limit: 9 });
    expect(entries.map(({ actor, reference, outcome, error }) => [actor, reference, outcome, error])).toEqual([
      [child.id, "Patient/secret", "rejected", "forbidden"],
    ]);
  });

  it("[S106] [S107] keeps who left for the agreed time, to be read and not edited, and forgets the leaving of who returns", async () => {
    let now = Date.UTC(2026, 0, 1);
    const clock = { ...systemClock, now: () => now };
    await using clinic = await openClinic(open, { clock, afterExit: { keep: { forMs: dayMs } } });
    const { parent, child, round } = clinic;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2"));
    await round();
    await parent.save(aPatientIn("Nairobi", "p1"), aPatientIn("Nairobi", "p2"));
    await round();
    const stored = await child.store.read(child.database, { type: "Patient", id: "p1" });

    expect(Object.keys(await child.bodies())).toHaveLength(2);
    await expect(child.database.transaction((tx) => refuseForeignWrites(tx, [stored!]))).rejects.toMatchObject({
      status: 403,
    });
    await parent.save(aPatientIn("Kisumu", "p2", { gender: "female" }));
    now += 2 * dayMs;
    await round();

    expect(Object.keys(await child.bodies())).toEqual(["Patient/p2"]);
    expect((await child.bodies())["Patient/p2"]).toContain("female");
  });

  it("[S110] refuses records of the types that come from the parent only", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await round();
    const practitioner = { resourceType: "Practitioner", id: "nurse" };
    await child.save(practitioner, aPatientIn("Kisumu", "p1"));

    const { pushed } = await round();
    const stored = await child.store.read(child.database, { type: "Practitioner", id: "nurse" });

    expect(pushed.rejected).toBeGreaterThan(0);
    expect(await parent.bodies()).toEqual({});
    await expect(child.database.transaction((tx) => refuseForeignWrites(tx, [stored!]))).rejects.toMatchObject({
      status: 403,
    });
  });

  it("[S111] takes another catchment up in the next round, and shows a child without one nothing", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"));
    await round();

    await assign(parent, child, "nairobi");
    await round();
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p2"]);
    await assign(parent, child, "everything");
    await round();
    expect(await child.bodies()).toEqual(await parent.bodies());
    await parent.database.transaction((tx) => tx.run(removeCatchment));
    await parent.save(aPatientIn("Kisumu", "p3"));
    const { pulled } = await round();

    expect(pulled.status).toBe("refused");
    expect(Object.keys(await child.bodies())).not.toContain("Patient/p3");
  });

  it("[S112] goes on with a compartment where it was broken off, and with the stream all the while", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    const text = "x".repeat(20_000);
    const notes = Array.from({ length: 60 }, (_, n) => aNoteOn("p1", `o${n}`, text));
    await parent.save(aPatientIn("Nairobi", "p1"), ...notes, aPatientIn("Kisumu", "p2"));
    await round();
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p2", { active: true }));
    let fetches = 0;
    const cut = cutting(parent.answer, ({ url }) => {
      if (!url.pathname.endsWith("compartments/read")) return undefined;
      fetches += 1;
      return fetches === 2 ? "after" : undefined;
    });
    await using broken = synchronizerOf(child, cut);

    expect(await broken.pullOnce(live)).toMatchObject({ status: "interrupted" });
    expect((await child.bodies())["Patient/p2"]).toContain("active");
    expect(await readFetches(child.database, parent.id, 9)).toMatchObject([
      { patient: "p1", place: expect.any(String) },
    ]);
    const before = fetches;
    expect(await broken.pullOnce(live)).toMatchObject({ status: "complete" });

    expect(await child.bodies()).toEqual(await parent.bodies());
    expect(fetches - before).toBeLessThan(5);
  });

  it("[S113] has the records of a patient of elsewhere for a while, audited at both ends, and purges them then", async () => {
    let now = Date.now();
    const clock = { ...systemClock, now: () => now };
    await using clinic = await openClinic(open, { clock });
    const { parent, child, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Nairobi", "guest"), aNoteOn("guest", "o1"), aPatientIn("Kisumu", "p1"));
    await round();

    await synchronizer.fetchGuestOnce({ patient: "guest", purpose: "emergency", days: 2 }, "nurse", live);
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o1", "Patient/guest", "Patient/p1"]);
    await child.save(aNoteOn("guest", "seen-here"));
    await round();
    for (const { database } of [parent, child]) {
      const { entries } = await listAudit(database, { reference: "Patient/guest", operation: "manual" }, { limit: 9 });
      expect(entries.map(({ outcome, operationId }) => [outcome, operationId])).toEqual([
        ["guest", "purpose:emergency"],
      ]);
    }
    now += 3 * dayMs;
    await round();

    expect(Object.keys(await child.bodies())).toEqual(["Patient/p1"]);
    expect((await parent.bodies())["Observation/seen-here"]).toBeDefined();
  });

  it("[S113] limits how many patients of elsewhere a child may ask for in an hour", async () => {
    await using clinic = await openClinic(open);
    const { parent, synchronizer, round } = clinic;
    const people = Array.from({ length: guestsPerHour + 1 }, (_, n) => aPatientIn("Nairobi", `g${n}`));
    await parent.save(...people);
    await round();
    const ask = (n: number) =>
      synchronizer.fetchGuestOnce({ patient: `g${n}`, purpose: "curiosity", days: 1 }, "nurse", live);
    for (let n = 0; n < guestsPerHour; n++) await ask(n);

    await expect(ask(guestsPerHour)).rejects.toMatchObject({ code: "REMOTE_REFUSED" });
  });

  it("[S111] gives a new child the catchment that its code names, and everything without one", async () => {
    await using clinic = await openClinic(open);
    const { parent } = clinic;
    await using database = await open();
    const other = await openNodeForTests(database, "clinic-2");

    await enrol(other, parent);

    expect(await visibilityOf(parent.database, other.id)).toMatchObject({
      catchment: "everything",
      isEverything: true,
    });
  });
});
