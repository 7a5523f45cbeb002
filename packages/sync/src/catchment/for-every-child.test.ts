import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatientIn, openClinic } from "../../testing/index.ts";

describeOnEachDatabase("what is for every child", (open) => {
  it.each(["Practitioner", "Medication", "ValueSet", "Location"])(
    "[S240] comes, changes and goes when it is written by itself: %s",
    async (type) => {
      await using clinic = await openClinic(open);
      const { parent, child, round } = clinic;
      await parent.save(aPatientIn("Kisumu", "p1"));
      await round();

      await parent.save({ resourceType: type, id: "x", language: "en" });
      await round();
      const made = await child.bodies();
      await parent.save({ resourceType: type, id: "x", language: "fr" });
      await round();
      const changed = await child.bodies();
      await parent.remove(type, "x");
      await round();

      expect(made[`${type}/x`]).toContain('"en"');
      expect(changed[`${type}/x`]).toContain('"fr"');
      expect(Object.keys(await child.bodies())).toEqual(["Patient/p1"]);
    },
  );
});
