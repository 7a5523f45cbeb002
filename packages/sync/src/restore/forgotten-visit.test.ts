import { expect, it } from "vitest";
import {
  aPatientIn,
  endPasses,
  livingIn,
  moveAll,
  openRestorableClinic,
  roundOf,
  setCatchment,
} from "../../testing/index.ts";

for (const dialect of ["sqlite", "postgres"] as const) {
  it(`[S105] [S216] a restored parent takes back of a patient whom it has forgotten to have shown what the child had (${dialect})`, async () => {
    await using link = await openRestorableClinic(dialect);
    const { parent, clinic } = link;
    await parent.node.save(aPatientIn("Kisumu", "own"), aPatientIn("Nairobi", "visitor"));
    await roundOf(clinic.node, parent.node);
    await parent.backUp();
    await setCatchment(parent.node, "kisumu", { any: [livingIn("Kisumu"), livingIn("Nairobi")] });
    await endPasses(parent.node);
    await moveAll(parent.node.database);
    await roundOf(clinic.node, parent.node);
    await clinic.node.save(aPatientIn("Nairobi", "visitor", { active: true }));
    await roundOf(clinic.node, parent.node);
    await parent.node.save(aPatientIn("Nairobi", "visitor", { active: true, gender: "other" }));
    await roundOf(clinic.node, parent.node);
    expect((await clinic.node.bodies())["Patient/visitor"]).toContain("other");

    await parent.restore();
    for (let n = 0; n < 3; n++) await roundOf(clinic.node, parent.node);
    const { pushed, pulled } = await roundOf(clinic.node, parent.node);

    expect([pushed.status, pushed.rejected, pulled.status]).toEqual(["complete", 0, "complete"]);
    const visitor = JSON.parse((await parent.node.bodies())["Patient/visitor"] ?? "{}");
    expect(visitor).toMatchObject({ active: true, gender: "other" });
  });
}
