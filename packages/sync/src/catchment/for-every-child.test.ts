import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { aPatientIn, moveAll, openClinic } from "../../testing/index.ts";
import { standardMetadataTypes } from "./catchment-state.ts";
import { setMetadataTypes } from "./set-metadata-types.ts";

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

  it("[S243] comes also when its type is named later, deletions included", async () => {
    await using clinic = await openClinic(open);
    const { parent, child, round } = clinic;
    const { database, outbox } = parent;
    const named = (types: readonly string[]) =>
      database.transaction((tx) => setMetadataTypes(tx, [...standardMetadataTypes, ...types], outbox));
    await parent.save(aPatientIn("Kisumu", "p1"), { resourceType: "Device", id: "d1" });
    await parent.save({ resourceType: "Device", id: "d2" });
    await round();

    await named(["Device"]);
    await moveAll(database);
    await round();
    const come = Object.keys(await child.bodies());
    await named([]);
    await parent.remove("Device", "d1");
    await parent.save({ resourceType: "Device", id: "d2", status: "active" });
    await round();
    await named(["Device"]);
    await moveAll(database);
    await round();

    expect(come).toEqual(["Device/d1", "Device/d2", "Patient/p1"]);
    expect(await child.bodies()).toEqual(await parent.bodies());
  });
});
