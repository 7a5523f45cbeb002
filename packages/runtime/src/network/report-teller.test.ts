import { systemClock } from "@tributary/kernel";
import type { Exchange, ExchangeRequest } from "@tributary/sync";
import { expect, it } from "vitest";
import { type ChildReport, reportHeader } from "./report-header.ts";
import { ReportTeller } from "./report-teller.ts";

const well: ChildReport = {
  version: "0.1.0",
  clockOffsetMs: 0,
  unsent: 0,
  unsentSince: null,
  parked: 0,
  failed: 0,
  openConflicts: 0,
  children: 0,
};
const signal = new AbortController().signal;

function openTeller() {
  const place = { now: 1_000_000, report: well as ChildReport | Error, status: 204, seen: [] as ExchangeRequest[] };
  const exchange: Exchange = async (request) => {
    place.seen.push(request);
    return { status: place.status, headers: {}, body: new Uint8Array(), wireBytes: 0 };
  };
  const teller = new ReportTeller({
    clock: { ...systemClock, now: () => place.now },
    read: async () => {
      if (place.report instanceof Error) throw place.report;
      return place.report;
    },
  });
  const line = teller.over(exchange);
  const ask = async (path: string) => {
    place.now += 5_000;
    await line({ method: "GET", url: new URL(path, "http://parent.test/sync/v1/"), headers: {} }, signal);
    return place.seen.at(-1)?.headers[reportHeader];
  };
  return { place, teller, ask };
}

it("tells once what has not changed, anew what has, and nothing with requests for other things", async () => {
  const { place, ask } = openTeller();

  const told = [await ask("push"), await ask("streams/everything/recent"), await ask("streams/everything/recent")];
  place.report = { ...well, openConflicts: 2 };
  told.push(await ask("streams/everything/recent"));
  place.now += 15 * 60_000;
  told.push(await ask("streams/everything/recent"));

  const changed = "0.1.0 o=0 u=0 p=0 f=0 c=2";
  expect(told).toEqual([undefined, "0.1.0 o=0 u=0 p=0 f=0 c=0", undefined, changed, changed]);
});

it("tells again what the parent did not take, and asks all the same when nothing can be read", async () => {
  const { place, ask } = openTeller();
  place.status = 503;
  const refused = await ask("streams/everything/recent");
  place.status = 200;
  const again = await ask("streams/everything/recent");
  place.report = new Error("the disk is away");

  expect([refused, again]).toEqual(["0.1.0 o=0 u=0 p=0 f=0 c=0", "0.1.0 o=0 u=0 p=0 f=0 c=0"]);
  expect(await ask("streams/everything/recent")).toBeUndefined();
  expect(place.seen).toHaveLength(3);
});

it("knows that records are being compared until the next look at a stream, or a minute later", async () => {
  const { place, teller, ask } = openTeller();
  const seen = [teller.isVerifying];
  await ask("verify/root");
  seen.push(teller.isVerifying);
  await ask("streams/everything/recent");
  seen.push(teller.isVerifying);
  await ask("verify/records");
  place.now += 60_000;
  seen.push(teller.isVerifying);

  expect(seen).toEqual([false, true, false, false]);
});
