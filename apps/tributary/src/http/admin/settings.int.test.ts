import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { changeSettings, openNodeDatabase } from "@tributary/runtime";
import { expect, it } from "vitest";
import { openPair, save } from "../../../testing/open-pair.ts";

describeOnEachDatabase("settings of a running node", (_, dialect) => {
  it("are taken up by a running node when another program has set them", { timeout: 120_000 }, async () => {
    await using pair = await openPair(dialect);
    const { parent, child, ask } = pair;
    await ask("PUT", "/settings", { version: 0, reason: "x", schedules: { pull: { cron: "0 0 1 1 *" } } });
    await child.startWorkers();
    await save(parent, aPatient("p"));
    await using beside = await openNodeDatabase(child.config);

    const settings = { schedules: { pull: { everySeconds: 1 } } };
    const actor = { nodeId: child.id, author: "amina", now: 5 };
    await changeSettings(beside, child.config, { version: 1, reason: "y", settings }, actor);

    await expect.poll(() => ask("GET", "/records/Patient/p"), { timeout: 100_000 }).toMatchObject({ status: 200 });
  });

  it("have it compare its records with its parent's by another hour at once", { timeout: 120_000 }, async () => {
    await using pair = await openPair(dialect);
    const { child, ask } = pair;
    await child.startWorkers();
    const before = await ask("GET", "/status");

    await ask("PUT", "/settings", { version: 0, reason: "new disk", verify: { cron: "* * * * * *" } });

    const verified = async () => (await ask("GET", "/status")).body["parent"];
    await expect.poll(verified, { timeout: 100_000 }).toMatchObject({ verified: { outcome: "identical" } });
    expect(before.body).toMatchObject({ parent: { verified: null } });
  });
});
