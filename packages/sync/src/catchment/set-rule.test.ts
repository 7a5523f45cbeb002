import { readLatestAudit } from "@tributary/audit";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { livingIn, openNodeForTests } from "../../testing/index.ts";
import { readCatchment } from "./catchments.ts";
import { setCatchmentRule } from "./set-rule.ts";

const setBy = { author: "amina", reason: "The district was divided." };

describeOnEachDatabase("a catchment's rule", (open) => {
  it("[S195] is in the audit trail as soon as it is in force, with who set it and as which version", async () => {
    await using database = await open();
    const node = await openNodeForTests(database, "centre");
    const set = (city: string) =>
      database.transaction((tx) =>
        setCatchmentRule(tx, { name: "lake", rule: livingIn(city), ...setBy }, { ...node, nodeId: node.id }),
      );

    const versions = [await set("Kisumu"), await set("Homa Bay")];

    expect(versions).toEqual([1, 2]);
    const alike = { actor: "amina", operation: "configure", operationId: "lake", outcome: "rule-set", reference: null };
    expect(await readLatestAudit(database, 10)).toMatchObject([
      { ...alike, versionBefore: 1, versionAfter: 2 },
      { ...alike, versionBefore: null, versionAfter: 1 },
    ]);
  });

  it("[S195] leaves neither itself nor an entry when it is refused, or when its transaction is undone", async () => {
    await using database = await open();
    const node = await openNodeForTests(database, "centre");
    const options = { ...node, nodeId: node.id };
    const refused = database.transaction((tx) =>
      setCatchmentRule(tx, { name: "lake", rule: { lake: 1 }, ...setBy }, options),
    );
    const undone = database.transaction(async (tx) => {
      await setCatchmentRule(tx, { name: "lake", rule: livingIn("Kisumu"), ...setBy }, options);
      throw new Error("The disk is full.");
    });

    await expect(refused).rejects.toMatchObject({ code: "CATCHMENT_REFUSED" });
    await expect(undone).rejects.toThrow("The disk is full.");
    expect(await readLatestAudit(database, 10)).toEqual([]);
    expect(await readCatchment(database, "lake")).toBeUndefined();
  });
});
