import { auditMigrations, readLatestAudit } from "@tributary/audit";
import { migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { noteConfiguration } from "./note-configuration.ts";

describeOnEachDatabase("the trail of a node's configuration", (open) => {
  const configWith = (more: object) =>
    parseConfig(JSON.stringify({ node: { id: "centre", role: "parent" }, ...more }), {
      where: "the test",
      folder: "/",
    });

  it("has an entry for each change, and none for a start with the same", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    const [first, second] = [await configWith({}), await configWith({ http: { port: 9_999 } })];

    for (const config of [first, first, second, second, first]) await noteConfiguration(database, config, systemClock);

    const entries = await readLatestAudit(database, 9);
    expect(entries.map(({ operation, actor }) => [operation, actor])).toEqual(Array(3).fill(["configure", "centre"]));
    expect(entries[0]?.operationId).toBe(entries[2]?.operationId);
    expect(entries[1]?.operationId).not.toBe(entries[0]?.operationId);
  });
});
