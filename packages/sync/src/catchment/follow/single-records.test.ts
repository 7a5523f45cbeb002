import { describeOnEachDatabase } from "@tributary/database/testing";
import type { Clock } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  cutting,
  dripping,
  livingIn,
  oneRound,
  openClinic,
  openRestorableClinic,
  setCatchment,
  synchronizerOf,
} from "../../../testing/index.ts";
import type { Exchange } from "../../line/exchange.ts";
import { readGathered } from "./gathered-records.ts";

const day = 24 * 3_600_000;

describeOnEachDatabase("a record that became another patient's", (open, dialect) => {
  it.for([
    ["back to its patient", aNoteOn("p1", "o1", "p1's after all"), ["Observation/o1", "Patient/p1"]],
    ["with a patient who comes in", aPatientIn("Kisumu", "p2"), ["Observation/o1", "Patient/p1", "Patient/p2"]],
  ] as const)("[S234] and comes again (%s) stays when the time is over", async ([, change, held]) => {
    const time = { now: Date.UTC(2026, 0, 5) };
    const clock: Clock = { now: () => time.now, sleep: async () => {} };
    await using two = await openClinic(open, { clock, afterExit: { keep: { forMs: 3 * day } } });
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aNoteOn("p2", "o1", "p2's"));
    await round();
    await parent.save(change);
    await round();

    time.now += 4 * day;
    for (let n = 0; n < 2; n++) await round();

    const { "Observation/o1": note, ...bodies } = await child.bodies();
    expect(["Observation/o1", ...Object.keys(bodies)]).toEqual(held);
    expect(note).toBe((await parent.bodies())["Observation/o1"]);
  });

  it("[S234] and was put right before the child heard of it stays", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"), aNoteOn("p1", "o1"));
    await round();
    await parent.save(aNoteOn("p2", "o1", "p2's"));
    await parent.save(aNoteOn("p1", "o1", "p1's after all"));

    for (let n = 0; n < 2; n++) await round();

    expect((await child.bodies())["Observation/o1"]).toContain("p1's after all");
  });

  it("[S237] while its patient was away does not stay with who comes back", async () => {
    const time = { now: Date.UTC(2026, 0, 5) };
    const clock: Clock = { now: () => time.now, sleep: async () => {} };
    await using two = await openClinic(open, { clock, afterExit: { keep: { forMs: 3 * day } } });
    const { parent, child, round } = two;
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Nairobi", "p2"));
    await parent.save(aNoteOn("p1", "o1"), aNoteOn("p1", "o2"), aNoteOn("p1", "o3"));
    await round();
    await parent.save(aPatientIn("Mombasa", "p1"));
    await round();
    await parent.save(aNoteOn("p2", "o1", "it was p2's"));
    await child.save(aNoteOn("p1", "o2", "edited here"), aNoteOn("p1", "o4"));

    await parent.save(aPatientIn("Kisumu", "p1"));
    await round();
    time.now += 4 * day;
    for (let n = 0; n < 2; n++) await round();

    const { "Observation/o1": gone, "Patient/p2": _, ...shown } = await parent.bodies();
    expect(gone).toContain("p2's");
    expect(Object.keys(shown)).toContain("Observation/o4");
    expect(await child.bodies()).toEqual(shown);
  });

  it("[S237] does not stay where another catchment holds its former patient too", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await setCatchment(parent, "west", { any: [livingIn("Kisumu"), livingIn("Kakamega")] });
    await parent.save(aPatientIn("Kisumu", "p1"), aPatientIn("Kisumu", "p3"), aPatientIn("Nairobi", "p2"));
    await parent.save(aNoteOn("p1", "o1"), aNoteOn("p1", "o2"), aNoteOn("p1", "o3"));
    await round();
    await parent.save(aNoteOn("p2", "o1", "it was p2's"), aNoteOn("p3", "o2", "it was p3's"));
    await assign(parent, child, "west");

    for (let n = 0; n < 2; n++) await round();

    const { "Observation/o1": gone, "Patient/p2": _, ...shown } = await parent.bodies();
    expect(gone).toBeDefined();
    expect(await child.bodies()).toEqual(shown);
  });

  it("[S237] while its patient was suspended does not stay with who is in again", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    const group = { resourceType: "Group", id: "g", type: "person", actual: true };
    const members = { ...group, member: [{ entity: { reference: "Patient/p1" } }] };
    await parent.save(members, aPatientIn("Nairobi", "p1"), aPatientIn("Nairobi", "p2"), aNoteOn("p1", "o1"));
    await setCatchment(parent, "kisumu", { cohort: "Group/g" });
    await round();
    const before = Object.keys(await child.bodies());
    await parent.remove("Group", "g");
    await parent.save(aNoteOn("p2", "o1", "it was p2's"));
    await round();
    const meanwhile = Object.keys(await child.bodies());

    await parent.save(members);
    for (let n = 0; n < 2; n++) await round();

    expect([before, meanwhile]).toEqual([
      ["Observation/o1", "Patient/p1"],
      ["Observation/o1", "Patient/p1"],
    ]);
    expect(Object.keys(await child.bodies())).toEqual(["Patient/p1"]);
  });

  it("[S237] is not taken in with the compartment of which it was gathered", async () => {
    await using two = await openClinic(open);
    const { parent, child, round } = two;
    await parent.save(
      aNoteOn("p1", "o1"),
      aNoteOn("p1", "o2"),
      aPatientIn("Nairobi", "p1"),
      aPatientIn("Nairobi", "p2"),
    );
    await round();
    await parent.save(aPatientIn("Kisumu", "p1"));
    let asked = 0;
    const line = cutting(dripping(parent.answer, child), ({ url }) => {
      asked += url.pathname.endsWith("compartments/read") ? 1 : 0;
      return asked === 2 ? "before" : undefined;
    });
    await using synchronizer = synchronizerOf(child, line);
    await synchronizer.pullOnce(new AbortController().signal);
    const gathered = await readGathered(child.database, "centre", ["p1"]);
    await parent.save(aNoteOn("p2", "o1", "it was p2's"));

    for (let n = 0; n < 2; n++) await round();

    expect(gathered.map(({ id }) => id)).toEqual(["o1"]);
    expect(Object.keys(await child.bodies())).toEqual(["Observation/o2", "Patient/p1"]);
  });

  it("[S237] is told from what a parent has lost that was restored a moment ago", async () => {
    await using two = await openRestorableClinic(dialect);
    const { parent, clinic } = two;
    await setCatchment(parent.node, "west", { any: [livingIn("Kisumu"), livingIn("Kakamega")] });
    await parent.node.save(aPatientIn("Kisumu", "p1"), aNoteOn("p1", "o1"));
    await oneRound(clinic.node, parent.node);
    await assign(parent.node, clinic.node, "west");
    await parent.backUp();
    await clinic.node.save(aNoteOn("p1", "o2", "acknowledged"));
    let isRestored = false;
    const line: Exchange = async (request, signal) => {
      if (request.url.pathname.endsWith("compartments/read") && !isRestored) {
        isRestored = true;
        await parent.restore();
      }
      return parent.answer(request, signal);
    };

    const { pushed } = await oneRound(clinic.node, parent.node, line);
    for (let n = 0; n < 3; n++) await oneRound(clinic.node, parent.node);

    expect([pushed.pushed, isRestored]).toEqual([1, true]);
    expect((await clinic.node.bodies())["Observation/o2"]).toContain("acknowledged");
    expect(await parent.node.bodies()).toEqual(await clinic.node.bodies());
  });
});
