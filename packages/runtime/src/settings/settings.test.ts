import { listAudit } from "@tributary/audit";
import { type Database, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { firstTypes } from "@tributary/sync";
import { expect, it } from "vitest";
import { parseConfig } from "../config/read-config.ts";
import { migrateNode } from "../node/node-timeline.ts";
import { changeSettings } from "./change-settings.ts";
import { SettingsInForce } from "./settings-in-force.ts";
import { listSettingsVersions, readSettings } from "./settings-versions.ts";
import { tellSettings } from "./told-settings.ts";

const spoil = sql("update settings_versions set settings = $1");
const actor = { nodeId: "clinic", author: "amina", now: 5 };

async function openAt(open: () => Promise<Database>, more = "") {
  const database = await open();
  await migrateNode(database);
  const config = await parseConfig(`node: { id: clinic, role: child }\n${more}`, { where: "test", folder: "/nowhere" });
  const settings = await SettingsInForce.open({ database, config });
  return {
    database,
    config,
    settings,
    set: (given: Readonly<Record<string, unknown>>, version?: number) =>
      changeSettings(
        database,
        config,
        { reason: "thin line", settings: given, ...(version === undefined ? {} : { version }) },
        actor,
      ),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

describeOnEachDatabase("the settings of a node", (open) => {
  it("go before the configuration, each by itself, and back to it", async () => {
    await using node = await openAt(
      open,
      "push: { everySeconds: 300, first: [Task] }\npull: { cron: '0 3 * * *', types: { exclude: [Media] } }",
    );

    const first = await node.set({ schedules: { pull: { everySeconds: 60 } }, types: { push: { only: ["Patient"] } } });
    const second = await node.set({ "schedules.push": { cron: "0 2 * * *" }, types: { push: null } });
    const third = await node.set({ schedules: null, policies: [{ type: "Patient", policy: "manual" }] });

    expect(first).toMatchObject({
      version: 1,
      setBy: "amina",
      setAt: 5,
      reason: "thin line",
      schedules: {
        push: { value: { everySeconds: 300 }, from: "file", version: null },
        pull: { value: { everySeconds: 60 }, from: "settings", version: 1, file: { cron: "0 3 * * *" } },
      },
      types: { push: { value: { only: ["Patient"] }, from: "settings" }, pull: { value: { exclude: ["Media"] } } },
      policies: { value: [], from: "file" },
    });
    expect(second).toMatchObject({
      version: 2,
      schedules: {
        push: { value: { cron: "0 2 * * *" }, from: "settings", version: 2 },
        pull: { value: { everySeconds: 60 }, version: 1 },
      },
      types: { push: { value: {}, from: "file" } },
    });
    expect(third).toMatchObject({
      version: 3,
      schedules: { push: { from: "file" }, pull: { value: { cron: "0 3 * * *" }, from: "file" } },
      policies: { value: [{ type: "Patient", policy: "manual" }], version: 3 },
    });
    expect(tellSettings(node.config, await readSettings(node.database))).toEqual(third);
    expect((await listSettingsVersions(node.database, { order: "desc", limit: 9 })).map((one) => one.settings)).toEqual(
      [
        { policies: [{ type: "Patient", policy: "manual" }] },
        { schedules: { push: { cron: "0 2 * * *" }, pull: { everySeconds: 60 } } },
        { schedules: { pull: { everySeconds: 60 } }, types: { push: { only: ["Patient"] } } },
      ],
    );
  });

  it("leave in the trail who set them, why, and by their digests what was in force before and after", async () => {
    await using node = await openAt(open);

    await node.set({ schedules: { pull: { everySeconds: 60 } } });
    await node.set({ schedules: { pull: { everySeconds: 60 } } });
    await node.set({ schedules: { pull: null } });

    const { entries } = await listAudit(node.database, { outcome: "settings" }, { limit: 9 });
    const digests = entries.map(({ operationId }) => operationId?.split(".."));
    expect(entries).toMatchObject([
      { operation: "configure", actor: "amina", error: "thin line", versionBefore: 1, versionAfter: 2 },
      { operation: "configure", actor: "amina", error: "thin line", versionBefore: null, versionAfter: 1 },
    ]);
    expect(digests[0]).toEqual(digests[1]?.toReversed());
    expect(digests[0]?.[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it("are refused when somebody else was faster, also in the very same moment", async () => {
    await using node = await openAt(open);
    const everySeconds = (seconds: number, version: number) =>
      node.set({ schedules: { pull: { everySeconds: seconds } } }, version);

    const both = await Promise.allSettled([everySeconds(60, 0), everySeconds(90, 0)]);
    const late = everySeconds(120, 0);

    await expect(late).rejects.toMatchObject({ code: "SETTINGS_MOVED" });
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "SETTINGS_MOVED" } });
    expect((await readSettings(node.database))?.version).toBe(1);
  });

  it("are taken up when they are looked at, and tell a synchronizer to go by other schedules only when they are others", async () => {
    await using node = await openAt(open, "merge: { policies: [{ type: Patient, policy: child-wins }] }");
    const told: object[] = [];
    node.settings.onChanged((steering) => told.push(steering));

    await node.settings.look();
    await node.set({ types: { push: { exclude: ["Media"] } } });
    await node.settings.look();
    await node.set({ policies: [{ type: "Patient", policy: "manual" }], schedules: { pull: { everySeconds: 5 } } });
    await node.settings.look();
    await node.set({ "push.first": ["Flag"], verify: { cron: "0 5 * * *", repair: true } });
    await node.settings.look();

    expect(told).toEqual([
      { types: { push: { exclude: ["Media"] }, pull: {} }, first: firstTypes },
      {
        types: { push: { exclude: ["Media"] }, pull: {} },
        first: firstTypes,
        schedules: { pull: expect.anything() },
      },
      {
        types: { push: { exclude: ["Media"] }, pull: {} },
        first: ["Flag"],
        verify: { schedule: expect.anything(), isRepairing: true },
      },
    ]);
    expect(node.settings.policies).toEqual([{ type: "Patient", policy: "manual" }]);
    expect(node.settings.config.pull.everySeconds).toBe(5);
    expect((await SettingsInForce.open(node)).config).toEqual(node.settings.config);
  });

  it("that cannot be used are refused by their key when the node is opened, and can be set back", async () => {
    await using node = await openAt(open);
    await node.set({ policies: [{ type: "Patient", policy: "manual" }], types: { pull: { exclude: ["Media"] } } });
    await node.database.transaction((tx) => tx.run(spoil, ['{"policies":[{"type":"Patient","policy":"gone"}]}']));

    await expect(SettingsInForce.open(node)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/^merge\.policies\.0\.policy /),
    });
    await expect(node.set({ types: { push: {} } })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await node.set({ policies: null });

    expect((await SettingsInForce.open(node)).policies).toEqual([]);
  });
});
