import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@tributary/database";
import { makeTestDatabase } from "@tributary/database/testing";
import { aPatient, saving } from "@tributary/fhir/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { backUpNode } from "./back-up-node.ts";
import { installationOf } from "./installation.ts";
import { claimDatabase } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";
import { openNode } from "./open-node.ts";

async function openCentre(dialect: "sqlite" | "postgres") {
  const stack = new AsyncDisposableStack();
  const place = stack.use(await makeTestDatabase(dialect));
  const folder = mkdtempSync(join(tmpdir(), "tributary-backup-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const database = await openDatabase({ address: place.address });
  await migrateNode(database);
  await claimDatabase(database, "centre" as NodeId, systemClock);
  await database.close();
  const text = JSON.stringify({ node: { id: "centre", role: "parent" }, database: place.address });
  const config = await parseConfig(text, { where: "the test", folder });
  return { config, folder, node: stack.use(await openNode(config)), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

it("a backup is a whole copy of a node that goes on, and has been read back", async () => {
  await using centre = await openCentre("sqlite");
  const { node, config, folder } = centre;
  const patients = Array.from({ length: 50 }, (_, n) => saving(aPatient(`p${n}`)));
  await node.database.transaction((tx) => node.store.write(tx, patients));
  const going = node.database.transaction(async (tx) => {
    await node.store.write(tx, [saving(aPatient("late"))]);
    return backUpNode(config, join(folder, "copy.db"));
  });

  const made = await going;

  expect(made).toMatchObject({ node: "centre", records: 50 });
  await using copy = await openDatabase({ address: made.file });
  expect((await node.store.read(copy, { type: "Patient", id: "p49" }))?.version).toBe(1);
  expect(await node.store.read(copy, { type: "Patient", id: "late" })).toBeUndefined();
  expect(await installationOf(made.file, copy)).not.toBe(await installationOf(config.database, node.database));
});

it("a backup never takes the place of a file that is there, and with PostgreSQL names the command for it", async () => {
  await using centre = await openCentre("sqlite");
  const file = join(centre.folder, "there");
  writeFileSync(file, "precious");
  await using other = await openCentre("postgres");

  await expect(backUpNode(centre.config, file)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(backUpNode(other.config, join(other.folder, "copy"))).rejects.toThrow("pg_dump");
  expect(await installationOf(other.config.database, other.node.database)).toMatch(/^[0-9a-f]{32}$/);
});
