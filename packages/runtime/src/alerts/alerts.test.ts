import { createHmac } from "node:crypto";
import { type Database, migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import type { Exchange, ExchangeRequest } from "@tributary/sync";
import { expect, it } from "vitest";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import type { Finding } from "./alert-rules.ts";
import { listAlerts, listUntoldAlerts, noteAlertTold, settleAlerts } from "./alerts.ts";
import { tellWebhook } from "./tell-webhook.ts";

const silent: Finding = {
  rule: "child-silent",
  subject: "post",
  severity: "warning",
  value: 61,
  limit: 60,
  sentence: "post was last heard of 61 minutes ago.",
};
const full: Finding = { ...silent, rule: "disk-free", subject: "centre", value: 5, limit: 10, sentence: "Full." };

describeOnEachDatabase("alerts", (open) => {
  async function openMigrated(): Promise<Database> {
    const database = await open();
    await migrate(database, runtimeMigrations);
    return database;
  }

  it("open once, keep their latest value while the trouble lasts, and close with it", async () => {
    await using database = await openMigrated();
    const settle = (findings: Finding[], now: number) => database.transaction((tx) => settleAlerts(tx, findings, now));

    const first = await settle([silent, full], 1000);
    const second = await settle([{ ...silent, value: 90, severity: "critical" }], 2000);
    const again = await settle([{ ...silent, value: 90, severity: "critical" }], 3000);
    const all = await listAlerts(database, { limit: 9 });
    const openNow = await listAlerts(database, { state: "open", limit: 9 });

    expect([first, second, again]).toEqual([
      { opened: 2, closed: 0 },
      { opened: 0, closed: 1 },
      { opened: 0, closed: 0 },
    ]);
    expect(all.map(({ rule, state, closedAt }) => [rule, state, closedAt])).toEqual([
      ["disk-free", "closed", 2000],
      ["child-silent", "open", null],
    ]);
    expect(openNow).toMatchObject([{ openedAt: 1000, value: 90, severity: "critical" }]);
  });

  it("that come back are new ones, and closed ones are forgotten after 90 days", async () => {
    await using database = await openMigrated();
    const dayMs = 24 * 60 * 60_000;
    for (const [findings, at] of [
      [[silent], 1],
      [[], 2],
      [[silent], 3],
      [[], 91 * dayMs],
    ] as const) {
      await database.transaction((tx) => settleAlerts(tx, findings, at));
    }

    expect(await listAlerts(database, { limit: 9 })).toMatchObject([{ openedAt: 3, closedAt: 91 * dayMs }]);
  });

  it("are told to the webhook when they open and again when they close, signed over the time and the body", async () => {
    await using database = await openMigrated();
    const requests: ExchangeRequest[] = [];
    const exchange: Exchange = async (request) => {
      requests.push(request);
      return { status: requests.length === 1 ? 503 : 204, headers: {}, body: new Uint8Array(), wireBytes: 0 };
    };
    const tell = async (now: number) => {
      for (const alert of await listUntoldAlerts(database, 9)) {
        const hook = { url: "https://hooks.test/x", secret: "a long random text" };
        const around = { node: "centre", now, exchange };
        if (await tellWebhook(alert, hook, around, new AbortController().signal)) await noteAlertTold(database, alert);
      }
    };
    await database.transaction((tx) => settleAlerts(tx, [silent], 1000));

    for (const now of [1001, 1002, 1003]) await tell(now);
    await database.transaction((tx) => settleAlerts(tx, [], 2000));
    await tell(2001);

    const sent = requests.map(({ body = "" }) => JSON.parse(body) as { state: string; node: string; rule: string });
    expect(sent.map(({ state }) => state)).toEqual(["open", "open", "closed"]);
    expect(sent[0]).toMatchObject({ node: "centre", rule: "child-silent", subject: "post" });
    const { headers, body = "" } = requests[1]!;
    const expected = createHmac("sha256", "a long random text").update(`1002.${body}`).digest("hex");
    expect(headers).toMatchObject({ "tributary-timestamp": "1002", "tributary-signature": `sha256=${expected}` });
  });
});
