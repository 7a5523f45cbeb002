import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@tributary/database";
import { describeOnEachDatabase, makeTestDatabase } from "@tributary/database/testing";
import { saving } from "@tributary/fhir/testing";
import { type NodeId, systemClock } from "@tributary/kernel";
import { listMembers, previewRule, setCatchmentRule } from "@tributary/sync";
import { endPasses } from "@tributary/sync/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { catchmentStrategiesOf } from "./catchment-strategies.ts";
import { claimDatabase } from "./node-identity.ts";
import { migrateNode } from "./node-timeline.ts";
import { openNode } from "./open-node.ts";

const bornBefore = `export const strategies = [{
  name: "born-before",
  read: (year) => typeof year === "string"
    ? { needs: { body: true }, holds: ({ body }) => body && (body.birthDate ?? year) < year }
    : "born-before takes a year.",
}];`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-strategies-"));
  await writeFile(join(folder, "strategies.mjs"), bornBefore);
});
afterAll(() => rm(folder, { recursive: true }));

async function configWith(strategies: string, database?: string) {
  const text = JSON.stringify({ node: { id: "centre", role: "parent" }, database, catchments: { strategies } });
  return parseConfig(text, { where: "tributary.yaml", folder });
}

describeOnEachDatabase("a site's own way to choose patients", (_, dialect) => {
  it("[S101] is called by its name in rules, joined with others, tried out and decided by at every write", async () => {
    await using place = await makeTestDatabase(dialect);
    await using bare = await openDatabase({ address: place.address });
    await migrateNode(bare);
    await claimDatabase(bare, "centre" as NodeId, systemClock);
    await using centre = await openNode(await configWith("./strategies.mjs", place.address));
    const { database, memberships, id: nodeId, clock, store } = centre;
    const save = (...years: string[]) =>
      database.transaction((tx) =>
        store.write(
          tx,
          years.map((year) => saving({ resourceType: "Patient", id: `born-${year}`, birthDate: year })),
        ),
      );
    await save("1950", "1990");
    const rule = { any: [{ "born-before": "1960" }, { list: ["none"] }] };

    const preview = await previewRule(database, memberships, { name: "elders", rule });
    await database.transaction((tx) =>
      setCatchmentRule(tx, { name: "elders", rule, author: "op", reason: null }, { memberships, nodeId, clock }),
    );
    await endPasses(centre);
    await save("1955", "2000");
    const wrong = database.transaction((tx) =>
      setCatchmentRule(
        tx,
        { name: "elders", rule: { "born-before": 1960 }, author: "op", reason: null },
        { memberships, nodeId, clock },
      ),
    );

    await expect(wrong).rejects.toMatchObject({ code: "CATCHMENT_REFUSED" });
    expect(preview.enteringPatients).toEqual(["born-1950"]);
    expect((await listMembers(database, "elders", "", 9)).map(({ patient }) => patient)).toEqual([
      "born-1950",
      "born-1955",
    ]);
  });
});

it.each([
  ["cannot be loaded", "./nowhere.mjs", undefined],
  ["holds something else", "./other.mjs", "export const strategies = [{ name: 'Bad Name', read() {} }];"],
  ["takes a name that is taken", "./taken.mjs", "export const strategies = [{ name: 'cohort', read() {} }];"],
])("[S101] a module that %s is refused when the node starts", async (_, file, text) => {
  if (text !== undefined) await writeFile(join(folder, file), text);

  await expect(catchmentStrategiesOf(await configWith(file))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
