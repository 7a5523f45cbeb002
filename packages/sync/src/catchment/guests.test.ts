import { sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  cutting,
  dripping,
  endPasses,
  livingIn,
  openClinic,
  openClinicBeside,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";

const live = new AbortController().signal;
const dayMs = 24 * 3_600_000;
const asGuest = (patient: string) => ({ patient, purpose: "emergency", days: 2 });
const hideOwn = sql("update resource set is_deleted = 1 where id = 'own'");
const aTask = (id: string) => ({ resourceType: "Task", id, status: "draft", intent: "order" });

describeOnEachDatabase("a comparison with the parent", (open) => {
  it("[S186] counts guests, and who has left and is kept, apart, and repairs nothing of them", async () => {
    await using clinic = await openClinic(open, { afterExit: { keep: { forMs: dayMs } } });
    const { parent, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Kisumu", "own"), aPatientIn("Kisumu", "left"), aNoteOn("left", "o1"));
    await parent.save(aPatientIn("Nairobi", "guest"), aNoteOn("guest", "o2"));
    await round();
    await parent.save(aPatientIn("Nairobi", "left"));
    await round();
    await synchronizer.fetchGuestOnce(asGuest("guest"), "nurse", live);

    const verified = await synchronizer.verifyOnce(live, { isRepairing: true });

    expect(verified).toMatchObject({ outcome: "identical", records: 1, outside: 4, repaired: 0, requests: 1 });
  });

  it("[S186] counts what the child brought and does not hold by its catchment apart, until it comes into it", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Kisumu", "own"));
    await round();
    await child.save(aTask("task"));
    await child.save(aPatientIn("Nairobi", "visitor"), aNoteOn("visitor", "o1"));
    await round();
    const before = await synchronizer.verifyOnce(live);
    await parent.save(aPatientIn("Kisumu", "visitor"));
    await round();
    const after = await synchronizer.verifyOnce(live);

    expect(before).toMatchObject({ outcome: "identical", records: 1, outside: 3, waiting: 0 });
    expect(after).toMatchObject({ outcome: "identical", records: 3, outside: 1, requests: 1 });
  });

  it("[S186] leaves out who is suspended, and finds every other difference all the same", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round, synchronizer } = clinic;
    const group = { resourceType: "Group", id: "g", type: "person", actual: true };
    const member = [{ entity: { reference: "Patient/doubtful" } }];
    await setCatchment(parent, "kisumu", { any: [livingIn("Kisumu"), { cohort: "Group/g" }] });
    await parent.save({ ...group, member }, aPatientIn("Nairobi", "doubtful"), aPatientIn("Kisumu", "own"));
    await round();
    await parent.remove("Group", "g");
    await endPasses(parent);
    await round();
    const alike = await synchronizer.verifyOnce(live);
    await child.database.transaction((tx) => tx.run(hideOwn));
    const different = await synchronizer.verifyOnce(live);

    expect(alike).toMatchObject({ outcome: "identical", outside: 1 });
    expect(different.differences).toEqual([{ kind: "missing-here", type: "Patient", id: "own" }]);
  });

  it("[S186] leaves out all who are suspended by a broken rule, however many", async () => {
    await using clinic = await openClinic(open);
    const { parent, round, synchronizer } = clinic;
    const many = Array.from({ length: 1_001 }, (_, n) => aPatientIn("Nairobi", `p${n}`));
    const member = many.map(({ id }) => ({ entity: { reference: `Patient/${id}` } }));
    await setCatchment(parent, "kisumu", { any: [livingIn("Kisumu"), { cohort: "Group/g" }] });
    await parent.save({ resourceType: "Group", id: "g", type: "person", actual: true, member }, ...many);
    await round();
    await parent.remove("Group", "g");
    await endPasses(parent);
    await parent.save(aPatientIn("Kisumu", "own"));
    await round();
    await clinic.child.database.transaction((tx) => tx.run(hideOwn));

    const { differences, outside } = await synchronizer.verifyOnce(live);

    expect(differences).toEqual([{ kind: "missing-here", type: "Patient", id: "own" }]);
    expect(outside).toBe(1_001);
  });
});

describeOnEachDatabase("a conflict about a guest", (open) => {
  it("[S187] is told to the clinics of the patient's catchment and not to the host, who has what was merged", async () => {
    await using clinic = await openClinic(open);
    const { parent, child: host, round, synchronizer } = clinic;
    await using beside = await openClinicBeside(clinic, open, "nairobi-1", "Nairobi");
    const { child: home, synchronizer: atHome } = beside;
    await parent.save(aPatientIn("Kisumu", "own"), aPatientIn("Nairobi", "guest", { birthDate: "1980-01-01" }));
    await round();
    await synchronizer.fetchGuestOnce(asGuest("guest"), "nurse", live);
    await parent.save(aPatientIn("Nairobi", "guest", { birthDate: "1981-01-01", gender: "male" }));
    await host.save(aPatientIn("Nairobi", "guest", { birthDate: "1982-01-01", active: true }));

    const { pushed } = await round();
    await round();
    await atHome.pullOnce(live);

    expect(pushed).toMatchObject({ merged: 1, conflicts: 1, late: 0 });
    expect(await listOpenConflicts(host.database, 5)).toEqual([]);
    expect(await listOpenConflicts(home.database, 5)).toMatchObject([{ type: "Patient", id: "guest" }]);
    const merged = { birthDate: "1981-01-01", gender: "male", active: true };
    expect(JSON.parse((await host.bodies())["Patient/guest"] ?? "{}")).toMatchObject(merged);
    expect(await synchronizer.verifyOnce(live)).toMatchObject({ outcome: "identical", outside: 1 });
  });

  it("[S187] is not told to a host that was given the catchment in which the patient once was", async () => {
    await using clinic = await openClinic(open);
    const { parent, child: host, round, synchronizer } = clinic;
    await using beside = await openClinicBeside(clinic, open, "nairobi-1", "Nairobi");
    const { child: home, synchronizer: atHome } = beside;
    await parent.save(aPatientIn("Nairobi", "guest", { birthDate: "1980-01-01" }));
    await atHome.pullOnce(live);
    await parent.save(aPatientIn("Nairobi", "guest", { birthDate: "1981-01-01" }));
    await home.save(aPatientIn("Nairobi", "guest", { birthDate: "1982-01-01" }));
    await atHome.pushOnce(live);
    await parent.save(aPatientIn("Mombasa", "guest", { birthDate: "1981-01-01" }));
    await round();
    await synchronizer.fetchGuestOnce(asGuest("guest"), "nurse", live);

    await assign(parent, host, "nairobi");
    for (let n = 0; n < 3; n++) await round();

    expect(await listOpenConflicts(parent.database, 5)).toMatchObject([{ type: "Patient", id: "guest" }]);
    expect(await listOpenConflicts(host.database, 5)).toEqual([]);
  });

  it("[S187] is told to the host with the others once the patient is in its catchment", async () => {
    await using clinic = await openClinic(open);
    const { parent, child: host, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Nairobi", "guest", { birthDate: "1980-01-01" }));
    await round();
    await synchronizer.fetchGuestOnce(asGuest("guest"), "nurse", live);
    await parent.save(aPatientIn("Nairobi", "guest", { birthDate: "1981-01-01" }));
    await host.save(aPatientIn("Nairobi", "guest", { birthDate: "1982-01-01" }));
    await round();

    await parent.save(aPatientIn("Kisumu", "guest", { birthDate: "1981-01-01" }));
    await round();
    await round();

    expect(await listOpenConflicts(host.database, 5)).toMatchObject([{ type: "Patient", id: "guest" }]);
  });
});

describeOnEachDatabase("what was outside the catchment and comes into it", (open) => {
  it("[S106] is taken as the parent has it, also where a late edit was merged out of sight", async () => {
    await using clinic = await openClinic(open, { afterExit: { keep: { forMs: dayMs } } });
    const { parent, child, round } = clinic;
    await parent.save(aPatientIn("Kisumu", "p1", { birthDate: "1980-01-01" }));
    await round();
    await parent.save(aPatientIn("Nairobi", "p1", { birthDate: "1980-01-01", gender: "male" }));
    await child.save(aPatientIn("Kisumu", "p1", { birthDate: "1980-01-02" }));
    const { pushed } = await round();

    await parent.save(aNoteOn("p1", "o1"));
    await setCatchment(parent, "kisumu", { any: [livingIn("Kisumu"), livingIn("Nairobi")] });
    await round();
    await round();

    expect(pushed).toMatchObject({ late: 1 });
    expect(await child.bodies()).toEqual(await parent.bodies());
    expect((await parent.bodies())["Patient/p1"]).toContain("1980-01-02");
  });
});

describeOnEachDatabase("a guest", (open) => {
  it("[S210] that was broken off comes to its end, also when the child has another catchment by then", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round, synchronizer } = clinic;
    await setCatchment(parent, "nairobi", livingIn("Nairobi"));
    await parent.save(aPatientIn("Mombasa", "guest"), aNoteOn("guest", "o1"), aNoteOn("guest", "o2"));
    await round();
    const line = cutting(dripping(parent.answer, child), ({ url }, count) =>
      count > 2 && url.pathname.endsWith("compartments/read") ? "before" : undefined,
    );
    await using broken = synchronizerOf(child, line);
    await expect(broken.fetchGuestOnce(asGuest("guest"), "nurse", live)).rejects.toThrow();
    expect(await child.bodies()).toEqual({});

    await assign(parent, child, "nairobi");
    await synchronizer.pullOnce(live);

    expect(Object.keys(await child.bodies())).toEqual(["Observation/o1", "Observation/o2", "Patient/guest"]);
  });

  it("[S210] is none any more of a child that has everything", async () => {
    let now = Date.now();
    await using clinic = await openClinic(open, { clock: { ...systemClock, now: () => now } });
    const { parent, child, round, synchronizer } = clinic;
    await parent.save(aPatientIn("Mombasa", "guest"));
    await round();
    await synchronizer.fetchGuestOnce(asGuest("guest"), "nurse", live);

    await assign(parent, child, "everything");
    await round();
    now += 5 * dayMs;
    await round();

    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
