import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  enrol,
  livingIn,
  openRestorableNode,
  type Sticks,
  setCatchment,
  sticksBetween,
} from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";

async function openLink(dialect: "sqlite" | "postgres", catchment?: string) {
  const stack = new AsyncDisposableStack();
  const parent = stack.use(await openRestorableNode(dialect, "centre"));
  const clinic = stack.use(await openRestorableNode(dialect, "clinic"));
  if (catchment !== undefined) await setCatchment(parent.node, catchment, livingIn("Kisumu"));
  await enrol(clinic.node, parent.node, parent.answer, catchment);
  return {
    parent,
    clinic,
    /** The messenger between the two as they run now. */
    sticks(): Sticks {
      const sticks = sticksBetween(parent.node, () => clinic.node);
      stack.defer(() => rmSync(sticks.folder, { recursive: true, force: true }));
      return sticks;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

for (const dialect of ["sqlite", "postgres"] as const) {
  for (const catchment of [undefined, "kisumu"]) {
    const whose = catchment === undefined ? "everything" : "a catchment";
    it(`[S167] give a restored parent back what it had taken and lost, from a child with ${whose} (${dialect})`, async () => {
      await using link = await openLink(dialect, catchment);
      const { parent, clinic, sticks } = link;
      await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Kisumu", "gone"));
      await sticks().around();
      await parent.backUp();
      await clinic.node.save(aPatientIn("Kisumu", "b"), aNoteOn("a", "n"), aPatientIn("Kisumu", "a", { active: true }));
      await clinic.node.remove("Patient", "gone");
      await parent.node.save(aPatientIn("Kisumu", "c"));
      for (let n = 0; n < 2; n++) await sticks().around();

      await parent.restore();
      await parent.node.save(aPatientIn("Kisumu", "d"));
      await clinic.node.save(aPatientIn("Kisumu", "e"));
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await sticks().around());

      const bodies = await parent.node.bodies();
      expect(Object.keys(bodies)).toEqual([
        "Observation/n",
        "Patient/a",
        "Patient/b",
        "Patient/c",
        "Patient/d",
        "Patient/e",
      ]);
      expect(bodies["Patient/a"]).toContain('"active":true');
      expect(await clinic.node.bodies()).toEqual(bodies);
      expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
      expect(answers.at(-1)).toMatchObject({ outcome: "taken", pulled: { status: "complete", waiting: 0 } });
    });
  }

  it(`[S167] give it back also when the stick that tells of the loss comes twice, or is lost (${dialect})`, async () => {
    await using link = await openLink(dialect);
    const { parent, clinic, sticks } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"));
    await sticks().around();
    await parent.backUp();
    await clinic.node.save(aPatientIn("Kisumu", "b"));
    await sticks().around();

    await parent.restore();
    const messenger = sticks();
    await messenger.play(await messenger.write());
    const { answer } = await messenger.play(await messenger.write());
    for (let n = 0; n < 2; n++) await messenger.take(answer);
    for (let n = 0; n < 2; n++) await sticks().around();

    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/a", "Patient/b"]);
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
  });

  it(`[S198] which is noticed over a line too, when it was put back after the bundle was played (${dialect})`, async () => {
    for (const isTakenBefore of [true, false]) {
      await using link = await openLink(dialect);
      const { parent, clinic, sticks } = link;
      await parent.node.save(aPatientIn("Kisumu", "a"));
      await sticks().around();
      await parent.backUp();
      await clinic.node.save(aPatientIn("Kisumu", "b"), aPatientIn("Kisumu", "a", { active: true }));
      const messenger = sticks();
      const { answer } = await messenger.play(await messenger.write());
      if (isTakenBefore) await messenger.take(answer);

      await parent.restore();
      if (!isTakenBefore) await messenger.take(answer);
      for (let n = 0; n < 2; n++) await sticks().round();

      const bodies = await parent.node.bodies();
      expect(Object.keys(bodies)).toEqual(["Patient/a", "Patient/b"]);
      expect(bodies["Patient/a"]).toContain('"active":true');
      expect(await clinic.node.bodies()).toEqual(bodies);
      expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
    }
  }, 90_000);

  it(`[S198] and judges nothing that a bundle says before it has back what it lost (${dialect})`, async () => {
    await using link = await openLink(dialect);
    const { parent, clinic, sticks } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"));
    await sticks().around();
    await parent.backUp();
    await clinic.node.save(aPatientIn("Kisumu", "a", { active: true, gender: "male" }));
    for (let n = 0; n < 2; n++) await sticks().around();

    await parent.restore();
    await clinic.node.save(aPatientIn("Kisumu", "a", { active: true, gender: "female" }));
    const { answer, verdicts } = await sticks().play(await sticks().write());
    await sticks().take(answer);
    for (let n = 0; n < 2; n++) await sticks().around();

    expect(verdicts).toEqual({});
    expect((await parent.node.bodies())["Patient/a"]).toContain("female");
    expect(await clinic.node.bodies()).toEqual(await parent.node.bodies());
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
  });

  it(`[S198] also from a child that has read nothing of the stream (${dialect})`, async () => {
    await using link = await openLink(dialect, "kisumu");
    const { parent, clinic, sticks } = link;
    await sticks().around();
    await parent.backUp();
    await clinic.node.save(aPatientIn("Nairobi", "elsewhere"));
    await sticks().around();

    await parent.restore();
    await clinic.node.save(aPatientIn("Nairobi", "later"));
    for (let n = 0; n < 3; n++) await sticks().around();

    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/elsewhere", "Patient/later"]);
  });
}
