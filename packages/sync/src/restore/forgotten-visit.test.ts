import { expect, it } from "vitest";
import {
  aPatientIn,
  endPasses,
  enrol,
  livingIn,
  moveAll,
  openRestorableNode,
  type RestorableNode,
  setCatchment,
  synchronizerOf,
} from "../../testing/index.ts";

const live = new AbortController().signal;

/** One round of a clinic: push, then pull. */
async function round(clinic: RestorableNode, parent: RestorableNode) {
  await using synchronizer = synchronizerOf(clinic.node, parent.answer, { memberships: clinic.node.memberships });
  const pushed = await synchronizer.pushOnce(live);
  await moveAll(parent.node.database);
  const pulled = await synchronizer.pullOnce(live);
  for (const { node } of [parent, clinic]) await moveAll(node.database);
  return { pushed, pulled };
}

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S105] [S216] a restored parent takes back of a patient whom it has forgotten to have shown what the child had (${dialect})`, async () => {
    await using parent = await openRestorableNode(dialect, "centre");
    await using clinic = await openRestorableNode(dialect, "clinic");
    await setCatchment(parent.node, "kisumu", livingIn("Kisumu"));
    await enrol(clinic.node, parent.node, parent.answer, "kisumu");
    await parent.node.save(aPatientIn("Kisumu", "own"), aPatientIn("Nairobi", "visitor"));
    await round(clinic, parent);
    await parent.backUp();
    await setCatchment(parent.node, "kisumu", { any: [livingIn("Kisumu"), livingIn("Nairobi")] });
    await endPasses(parent.node);
    await moveAll(parent.node.database);
    await round(clinic, parent);
    await clinic.node.save(aPatientIn("Nairobi", "visitor", { active: true }));
    await round(clinic, parent);
    await parent.node.save(aPatientIn("Nairobi", "visitor", { active: true, gender: "other" }));
    await round(clinic, parent);
    expect((await clinic.node.bodies())["Patient/visitor"]).toContain("other");

    await parent.restore();
    for (let n = 0; n < 3; n++) await round(clinic, parent);
    const { pushed, pulled } = await round(clinic, parent);

    expect([pushed.status, pushed.rejected, pulled.status]).toEqual(["complete", 0, "complete"]);
    const visitor = JSON.parse((await parent.node.bodies())["Patient/visitor"] ?? "{}");
    expect(visitor).toMatchObject({ active: true, gender: "other" });
  });
}
