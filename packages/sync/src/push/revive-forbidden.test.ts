import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatientIn, openClinic } from "../../testing/index.ts";

describeOnEachDatabase("what was refused of a patient who was none of the child's", (open) => {
  it("[S199] is sent again when the patient comes in", async () => {
    await using clinic = await openClinic(open);
    const { parent, child } = clinic;
    await parent.save(aPatientIn("Nairobi", "n"), aPatientIn("Nairobi", "stays"));
    await clinic.round();
    await child.save(aPatientIn("Nairobi", "n", { active: true }));
    await child.save(aPatientIn("Nairobi", "stays", { active: true }));
    const { pushed: before } = await clinic.round();

    await parent.save(aPatientIn("Kisumu", "n"));
    for (let n = 0; n < 2; n++) await clinic.round();
    const { pushed: after } = await clinic.round();

    expect([before.refused, after.refused]).toEqual([2, 1]);
    const held = await parent.bodies();
    expect(JSON.parse(held["Patient/n"]!)).toMatchObject({ active: true, address: [{ city: "Kisumu" }] });
    expect(held["Patient/stays"]).not.toContain("active");
  });
});
