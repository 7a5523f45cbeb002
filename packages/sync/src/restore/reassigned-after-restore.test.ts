import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  assign,
  counting,
  enrol,
  livingIn,
  openRestorableClinic,
  openRestorableNode,
  roundOf,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";
import { listOpenConflicts } from "../conflict/conflicts.ts";

const live = new AbortController().signal;

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S151] what a restored parent has lost comes back though the child has another catchment since (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect, ["Kisumu", "Nairobi"]);
    const { parent, clinic } = link;
    const [stays, gone] = [aPatientIn("Kisumu", "stays"), aPatientIn("Kisumu", "gone")];
    await parent.node.save(aPatientIn("Kisumu", "a"), stays, gone, aPatientIn("Nairobi", "n"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await clinic.node.save(
      aPatientIn("Kisumu", "b"),
      aNoteOn("b", "note"),
      aPatientIn("Kisumu", "a", { active: true }),
    );
    await clinic.node.remove("Patient", "gone");
    await parent.node.save(aPatientIn("Kisumu", "c"), aPatientIn("Kisumu", "stays", { birthDate: "1980-01-01" }));
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, parent.node);

    await parent.restore();
    await parent.node.save(aPatientIn("Kisumu", "a", { gender: "male" }), aPatientIn("Nairobi", "m"));
    await assign(parent.node, clinic.node, "nairobi");
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);
    const { pushed, pulled } = await roundOf(clinic.node, parent.node);

    const held = await parent.node.bodies();
    expect([pushed.status, pulled.status]).toEqual(["complete", "complete"]);
    expect(Object.keys(held)).toEqual([
      "Observation/note",
      "Patient/a",
      "Patient/b",
      "Patient/c",
      "Patient/m",
      "Patient/n",
      "Patient/stays",
    ]);
    expect(JSON.parse(held["Patient/a"]!)).toMatchObject({ active: true, gender: "male" });
    expect(held["Patient/stays"]).toContain("1980");
    expect(Object.keys(await clinic.node.bodies())).toEqual(["Patient/m", "Patient/n"]);
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
  });

  it(`[S151] also what the parent took before the child read its stream, and after a way back to the old one (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect, ["Kisumu", "Nairobi"]);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Nairobi", "n"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await parent.node.save(aPatientIn("Kisumu", "c"));
    await roundOf(clinic.node, parent.node);
    await clinic.node.save(aPatientIn("Kisumu", "b"));
    await using before = synchronizerOf(clinic.node, parent.answer, { memberships: clinic.node.memberships });
    await before.pushOnce(live);

    await parent.restore();
    await assign(parent.node, clinic.node, "nairobi");
    await assign(parent.node, clinic.node, "kisumu");
    await assign(parent.node, clinic.node, "nairobi");
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);

    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/a", "Patient/b", "Patient/c", "Patient/n"]);
    expect(Object.keys(await clinic.node.bodies())).toEqual(["Patient/n"]);
  });

  it(`[S151] also from a child that had everything and is given a catchment (${dialect})`, async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using clinic = await openRestorableNode(dialect, "clinic");
    await setCatchment(parent.node, "nairobi", livingIn("Nairobi"));
    await enrol(clinic.node, parent.node);
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Nairobi", "n"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await parent.node.save(aPatientIn("Kisumu", "c"));
    await roundOf(clinic.node, parent.node);

    await parent.restore();
    await assign(parent.node, clinic.node, "nairobi");
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);

    expect(Object.keys(await parent.node.bodies())).toEqual(["Patient/a", "Patient/c", "Patient/n"]);
    expect(Object.keys(await clinic.node.bodies())).toEqual(["Patient/n"]);
  });

  it(`[S151] nor is a deletion undone, or an edit made since, that only a child with another catchment tells of (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect, ["Kisumu", "Nairobi"]);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Kisumu", "b"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await parent.node.save(aPatientIn("Kisumu", "c"));
    await roundOf(clinic.node, parent.node);

    await parent.restore();
    await parent.node.remove("Patient", "a");
    await parent.node.save(aPatientIn("Kisumu", "b", { gender: "female" }));
    await assign(parent.node, clinic.node, "nairobi");
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);

    const held = await parent.node.bodies();
    expect(Object.keys(held)).toEqual(["Patient/b", "Patient/c"]);
    expect(held["Patient/b"]).toContain("female");
    expect(await clinic.node.bodies()).toEqual({});
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
  });

  it(`[S199] nor is anything lost of patients whom the child had by an assignment that the parent has lost (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect, ["Kisumu", "Nairobi"]);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Nairobi", "n"), aPatientIn("Nairobi", "gone"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await assign(parent.node, clinic.node, "nairobi");
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, parent.node);
    await clinic.node.save(aPatientIn("Nairobi", "n", { active: true }), aNoteOn("n", "note"));
    await clinic.node.remove("Patient", "gone");
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, parent.node);

    await parent.restore();
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);
    const { pushed, pulled } = await roundOf(clinic.node, parent.node);

    const held = await parent.node.bodies();
    expect([pushed.status, pulled.status]).toEqual(["complete", "complete"]);
    expect(Object.keys(held)).toEqual(["Observation/note", "Patient/a", "Patient/n"]);
    expect(held["Patient/n"]).toContain('"active":true');
    expect(Object.keys(await clinic.node.bodies())).toEqual(["Patient/a"]);
    expect(await listOpenConflicts(parent.node.database, 5)).toEqual([]);
  });

  it(`[S151] and a child that is only given another catchment tells nothing of what it has (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect, ["Kisumu", "Nairobi"]);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "a"), aPatientIn("Nairobi", "n"));
    await clinic.node.save(aPatientIn("Kisumu", "b"));
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, parent.node);

    await assign(parent.node, clinic.node, "nairobi");
    const line = counting(parent.answer);
    const { pulled } = await roundOf(clinic.node, parent.node, { exchange: line });

    expect(pulled.status).toBe("complete");
    expect(line.paths.filter((path) => path === "kept")).toHaveLength(1);
    expect(Object.keys(await clinic.node.bodies())).toEqual(["Patient/n"]);
  });
}
