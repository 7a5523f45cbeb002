import { expect, it } from "vitest";
import {
  aNoteOn,
  aPatientIn,
  enrol,
  livingIn,
  openRestorableNode,
  roundOf,
  setCatchment,
} from "../../testing/index.ts";

async function openTiers(dialect: "sqlite" | "postgres") {
  const stack = new AsyncDisposableStack();
  const root = stack.use(await openRestorableNode(dialect, "root"));
  const hub = stack.use(await openRestorableNode(dialect, "hub"));
  const clinic = stack.use(await openRestorableNode(dialect, "clinic"));
  await enrol(hub.node, root.node);
  await setCatchment(hub.node, "kisumu", livingIn("Kisumu"));
  await enrol(clinic.node, hub.node, hub.answer, "kisumu");
  return { root, hub, clinic, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S118] [S214] who was registered at a child is its own at a hub that has them back from above (${dialect})`, async () => {
    await using tiers = await openTiers(dialect);
    const { root, hub, clinic } = tiers;
    await roundOf(clinic.node, hub.node);
    await roundOf(hub.node, root.node);
    await hub.backUp();
    await clinic.node.save(aPatientIn("Nairobi", "p"), aNoteOn("p", "note"));
    await roundOf(clinic.node, hub.node);
    await roundOf(hub.node, root.node);

    await hub.restore();
    await roundOf(hub.node, root.node);
    await clinic.node.save(aPatientIn("Nairobi", "p", { active: true }));
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, hub.node);
    const { pushed } = await roundOf(clinic.node, hub.node);
    await roundOf(hub.node, root.node);

    expect([pushed.status, pushed.rejected]).toEqual(["complete", 0]);
    expect((await root.node.bodies())["Patient/p"]).toContain('"active":true');
    expect(await hub.node.bodies()).toEqual(await root.node.bodies());
  });

  it(`[S118] [S199] also when somebody above has written the patient since (${dialect})`, async () => {
    await using tiers = await openTiers(dialect);
    const { root, hub, clinic } = tiers;
    await roundOf(clinic.node, hub.node);
    await roundOf(hub.node, root.node);
    await hub.backUp();
    await clinic.node.save(aPatientIn("Nairobi", "p"));
    await roundOf(clinic.node, hub.node);
    await roundOf(hub.node, root.node);

    await hub.restore();
    await root.node.save(aPatientIn("Nairobi", "p", { gender: "female" }));
    await roundOf(hub.node, root.node);
    await clinic.node.save(aPatientIn("Nairobi", "p", { active: true }));
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, hub.node);
    const { pushed } = await roundOf(clinic.node, hub.node);
    await roundOf(hub.node, root.node);

    expect([pushed.status, pushed.rejected]).toEqual(["complete", 0]);
    expect((await root.node.bodies())["Patient/p"]).toContain('"active":true');
    expect(await hub.node.bodies()).toEqual(await root.node.bodies());
  });

  it(`[S118] [S214] so is who was deleted before the patient came, when the child has forgotten that (${dialect})`, async () => {
    await using tiers = await openTiers(dialect);
    const { hub, clinic } = tiers;
    await roundOf(clinic.node, hub.node);
    await clinic.node.save(aPatientIn("Nairobi", "p"), aNoteOn("p", "note"));
    await clinic.backUp();
    await clinic.node.remove("Patient", "p");
    await roundOf(clinic.node, hub.node);

    await clinic.restore();
    for (let n = 0; n < 2; n++) await roundOf(clinic.node, hub.node);
    const { pushed } = await roundOf(clinic.node, hub.node);

    expect([pushed.status, pushed.rejected]).toEqual(["complete", 0]);
    expect(Object.keys(await hub.node.bodies())).toEqual(["Observation/note"]);
  });
}
