import { migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { claimDatabase, readNodeIdentity, requireNodeIdentity } from "./node-identity.ts";
import { runtimeMigrations } from "./runtime-migrations.ts";

const clinic = "clinic-1" as NodeId;

describeOnEachDatabase("a node's identity", (open) => {
  it("is written once and found again", async () => {
    await using database = await open();
    await migrate(database, runtimeMigrations);
    expect(await readNodeIdentity(database)).toBeUndefined();

    await claimDatabase(database, clinic, systemClock);

    expect(await requireNodeIdentity(database, "clinic-1")).toBe("clinic-1");
    await expect(claimDatabase(database, "other" as NodeId, systemClock)).rejects.toMatchObject({
      code: "ALREADY_INITIALISED",
    });
  });

  it("refuses to open another node's database, or nobody's", async () => {
    await using database = await open();
    await migrate(database, runtimeMigrations);

    await expect(requireNodeIdentity(database, "clinic-1")).rejects.toThrow("run `tributary init`");
    await claimDatabase(database, clinic, systemClock);

    await expect(requireNodeIdentity(database, "clinic-2")).rejects.toThrow("write node.id: clinic-1");
  });
});
