import { migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock } from "@tributary/kernel";
import { expect, it } from "vitest";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import { countingExchange, countingRoutes } from "./count-lines.ts";
import { readTraffic, readTrafficOfNodes } from "./read-traffic.ts";
import { quarterMs, TrafficCounter } from "./traffic-counter.ts";

describeOnEachDatabase("traffic", (open) => {
  async function openCounted() {
    const database = await open();
    await migrate(database, runtimeMigrations);
    const time = { now: 100 * quarterMs };
    const counter = new TrafficCounter({ ...systemClock, now: () => time.now });
    return { database, time, counter, [Symbol.asyncDispose]: () => database.close() };
  }

  it("adds up by the quarter of an hour, in the sum and for each node, and shows quarters in which nothing happened", async () => {
    await using place = await openCounted();
    const { database, time, counter } = place;

    counter.note({ requests: 1, bytesSent: 10 }, "post");
    await counter.flush(database);
    counter.note({ requests: 1, bytesReceived: 5 }, "post");
    counter.note({ requests: 1 });
    time.now += 2 * quarterMs;
    counter.note({ failures: 1 });
    await counter.flush(database);
    await counter.flush(database);

    const since = 100 * quarterMs;
    const all = await readTraffic(database, { since, until: time.now });
    const post = await readTraffic(database, { since, until: time.now, node: "post" });
    expect(all.map(({ at, requests, failures }) => [at / quarterMs, requests, failures])).toEqual([
      [100, 3, 0],
      [101, 0, 0],
      [102, 0, 1],
    ]);
    expect(post[0]).toMatchObject({ requests: 2, bytesSent: 10, bytesReceived: 5 });
    expect(await readTrafficOfNodes(database, { nodes: ["post", "other"], since })).toEqual(new Map([["post", 15]]));
    expect(counter.totals).toMatchObject({ requests: 3, failures: 1 });
  });

  it("is kept for a month as a sum and for two days by node", async () => {
    await using place = await openCounted();
    const { database, time, counter } = place;
    const rows = sql("select node, at from traffic_quarters order by at, node");
    counter.note({ requests: 1 }, "post");
    await counter.flush(database);

    time.now += 3 * 24 * 4 * quarterMs;
    counter.note({ requests: 1 });
    await counter.flush(database);
    const afterThreeDays = (await database.all<{ node: string }>(rows)).map(({ node }) => node);
    time.now += 40 * 24 * 4 * quarterMs;
    counter.note({ requests: 1 });
    await counter.flush(database);

    expect(afterThreeDays).toEqual(["", ""]);
    expect(await database.all(rows)).toHaveLength(1);
  });

  it("counts what the line to the parent carried, and what children were answered, each by its proven name", async () => {
    await using place = await openCounted();
    const { database, counter, time } = place;
    const signal = new AbortController().signal;
    const url = new URL("http://centre.test/");
    const line = countingExchange(async ({ body }) => {
      if (body === "cut") throw new Error("cut");
      return { status: 200, headers: {}, body: new Uint8Array(9), wireBytes: 7, sentBytes: 3 };
    }, counter);
    const token = `e30.${Buffer.from(JSON.stringify({ iss: "post" })).toString("base64url")}.x`;
    const [route] = countingRoutes(
      [
        {
          method: "GET",
          path: "/x",
          handler: async ({ body }) => ({ status: body === "" ? 200 : 401, headers: {}, body: "12345" }),
        },
      ],
      counter,
    );
    const request = { method: "GET", url, headers: { authorization: `Bearer ${token}` }, parameters: {}, signal };

    await line({ method: "POST", url, headers: {}, body: "whole" }, signal);
    await expect(line({ method: "POST", url, headers: {}, body: "cut" }, signal)).rejects.toThrow("cut");
    await route?.handler({ ...request, body: "" });
    await route?.handler({ ...request, body: "refused" });
    await counter.flush(database);

    expect(counter.totals).toMatchObject({ requests: 4, bytesSent: 13, bytesReceived: 14, failures: 2 });
    const bytes = await readTrafficOfNodes(database, { nodes: ["post"], since: time.now - quarterMs });
    expect(bytes.get("post"), "what was refused may have lied about its name").toBe(5);
  });
});
