import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient } from "@tributary/fhir/testing";
import { type Clock, TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
import { counting, openPair, type Pair, pushOnce, synchronizerOf } from "../../testing/index.ts";
import { listFailures } from "../failures/list-failures.ts";
import type { Exchange, ExchangeRequest } from "../line/exchange.ts";
import { claimOperations, putVerdicts } from "./push-verdicts.ts";
import { readHeldUnits } from "./queue/read-units.ts";

const live = new AbortController().signal;

interface Link extends Pair {
  readonly time: { now: number };
}

async function openLink(open: () => Promise<Database>): Promise<Link> {
  const time = { now: 1_800_000_000_000 };
  const clock: Clock = { now: () => time.now, sleep: () => Promise.resolve() };
  return { ...(await openPair(open, { clock })), time };
}

const push = ({ parent, child }: Link, line?: Exchange) => pushOnce(child, parent, line);

/** Answers a status instead of passing on the requests that are picked out. */
function breaking(
  line: Exchange,
  picked: (request: ExchangeRequest) => boolean,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Exchange {
  return async (request, signal) => {
    if (!picked(request)) return line(request, signal);
    return { status, headers, body: new Uint8Array(), wireBytes: 0 };
  };
}

/** Answers, as a parent does, that the requests that are picked out are refused. */
function refusing(line: Exchange, picked: (request: ExchangeRequest) => boolean, status: number): Exchange {
  return async (request, signal) => {
    if (!picked(request)) return line(request, signal);
    const body = new TextEncoder().encode(
      JSON.stringify({ code: "REMOTE_REFUSED", message: "It is no batch of units." }),
    );
    return { status, headers: { "content-type": "application/json" }, body, wireBytes: body.byteLength };
  };
}

const naming =
  (text: string) =>
  ({ body }: ExchangeRequest) =>
    body?.includes(text) === true;

describeOnEachDatabase("a unit on which the parent fails", (open) => {
  it("[S54] is stepped over, and the ninety-nine others are taken with at most 14 requests more", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 100; n++) await child.save(aPatient(n === 61 ? "poison" : `n${n}`));
    const line = counting(breaking(parent.answer, naming("poison"), 500));

    const report = await push(link, line);

    expect(report).toMatchObject({ status: "partial", pushed: 99, delayed: 1, queued: 0, refused: 0 });
    expect(line.paths.length).toBeLessThanOrEqual(15);
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([
      { references: ["Patient/poison"], class: "transient", reason: "no-verdict", attempts: 1 },
    ]);
  });

  it("[S54] is sent again by itself, later each time, under its name and until it is taken", async () => {
    await using link = await openLink(open);
    const { parent, child, time } = link;
    await child.save(aPatient("poison"));
    const sent: string[] = [];
    const poisoned = breaking(parent.answer, naming("poison"), 500);
    const line: Exchange = (request, signal) => {
      if (naming("poison")(request)) sent.push(/north\.\w+:\d+/.exec(request.body ?? "")?.[0] ?? "");
      return poisoned(request, signal);
    };
    await push(link, line);
    await push(link, line);
    const early = sent.length;
    time.now += 3_600_000;
    await push(link, line);
    const [failure] = await listFailures(child.database, { limit: 9 });
    time.now += 3_600_000;

    const taken = await push(link);

    expect(early).toBe(1);
    expect(sent).toHaveLength(2);
    expect(new Set(sent).size).toBe(1);
    expect(failure).toMatchObject({ attempts: 2 });
    expect(failure!.nextAttemptAt).toBeGreaterThan(time.now - 3_600_000);
    expect(taken).toMatchObject({ status: "complete", pushed: 1 });
  });

  it("[S54] blames no unit when the parent as a whole fails, and asks it once more only", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 10; n++) await child.save(aPatient(`n${n}`));

    const report = await push(
      link,
      breaking(parent.answer, () => true, 500),
    );

    expect(report).toMatchObject({ status: "interrupted", requests: 2, queued: 10, delayed: 0 });
  });

  it("[S248] is stepped over too when the parent finds each request malformed that has it", async () => {
    await using link = await openLink(open);
    const { parent, child, time } = link;
    for (let n = 0; n < 100; n++) await child.save(aPatient(n === 61 ? "poison" : `n${n}`));
    const line = counting(refusing(parent.answer, naming("poison"), 400));

    const report = await push(link, line);
    time.now += 3_600_000;
    const again = await push(link, refusing(parent.answer, naming("poison"), 400));

    expect(report).toMatchObject({ status: "partial", pushed: 99, delayed: 1, queued: 0, refused: 0 });
    expect(line.paths.length).toBeLessThanOrEqual(15);
    expect(again).toMatchObject({ status: "partial", delayed: 1 });
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([
      { references: ["Patient/poison"], class: "transient", reason: "no-verdict", attempts: 2 },
    ]);
  });

  it.each([
    [400, 2],
    [403, 1],
  ])("[S248] blames no unit when the parent refuses every request (%i)", async (status, requests) => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 10; n++) await child.save(aPatient(`n${n}`));

    const report = await push(
      link,
      refusing(parent.answer, () => true, status),
    );

    expect(report).toMatchObject({ status: "refused", requests, queued: 10, delayed: 0 });
  });

  it("[S54] is stepped over also when it leaves the line without an answer, once that is sure", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(aPatient("poison"));
    await child.save(aPatient("good"));
    const silent: Exchange = async (request, signal) => {
      if (!naming("poison")(request)) return parent.answer(request, signal);
      throw new TributaryError("REMOTE_UNAVAILABLE", "It gave no answer.", { retryable: true });
    };
    await using synchronizer = synchronizerOf(child, silent);
    let rounds = 0;

    while ((await synchronizer.pushOnce(live)).status === "interrupted" && rounds < 30) rounds += 1;

    expect(rounds).toBeLessThan(20);
    expect(Object.keys(await parent.bodies())).toEqual(["Patient/good"]);
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([{ references: ["Patient/poison"] }]);
  });

  it("[S54] lets an edit of its record wait for it, takes it back, and sends both as one", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(aPatient("poison"));
    await push(link, breaking(parent.answer, naming("poison"), 500));
    await child.save(aPatient("poison", { gender: "other" }));

    const report = await push(link);

    expect(report).toMatchObject({ status: "complete", pushed: 1, delayed: 0 });
    expect(await parent.store.read(parent.database, { type: "Patient", id: "poison" })).toMatchObject({ version: 1 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S52] parks a unit: it is asked about in every round for a day, and hourly later on", async () => {
    await using link = await openLink(open);
    const { child, time } = link;
    await child.save({
      resourceType: "Encounter",
      id: "v",
      status: "finished",
      class: { code: "AMB" },
      subject: { reference: "Patient/nobody" },
    });
    const requestsAfter = async (hours: number) => {
      time.now += hours * 3_600_000;
      return (await push(link)).requests;
    };

    const early = [await requestsAfter(0), await requestsAfter(0), await requestsAfter(12), await requestsAfter(0)];
    const late = [await requestsAfter(13), await requestsAfter(0), await requestsAfter(0.9), await requestsAfter(0.2)];

    expect(early).toEqual([1, 1, 1, 1]);
    expect(late).toEqual([1, 0, 0, 1]);
    expect(await listFailures(child.database, { limit: 9 })).toMatchObject([{ class: "dependency", attempts: 6 }]);
  });

  it("[S55] is left alone for as long as the parent asks", async () => {
    await using link = await openLink(open);
    const { parent, child, time } = link;
    await child.save(aPatient("p"));
    const sleeps: number[] = [];
    const stop = Promise.withResolvers<void>();
    const clock: Clock = {
      now: () => time.now,
      async sleep(durationMs, signal) {
        sleeps.push(durationMs);
        stop.resolve();
        await new Promise((done) => signal?.addEventListener("abort", done));
      },
    };
    const line = breaking(parent.answer, () => true, 503, { "retry-after": "120" });
    await using synchronizer = synchronizerOf({ ...child, clock }, line);

    synchronizer.start();
    await stop.promise;

    expect(sleeps[0]).toBeGreaterThanOrEqual(120_000);
    expect(sleeps[0]).toBeLessThanOrEqual(121_000);
  });

  it("[S228] is sent under another name, when its own turns out to be that of something else", async () => {
    await using link = await openLink(open);
    const { parent, child, time } = link;
    await child.save(aPatient("large"));
    await push(link, breaking(parent.answer, naming("large"), 413));
    const [unit] = await readHeldUnits(child.database, parent.id);
    const other = { operationId: unit!.operationId, contentDigest: "of something else" };
    await parent.database.transaction(async (tx) => {
      await claimOperations(tx, child.id, [other], time.now);
      await putVerdicts(tx, child.id, new Map([[other.operationId, { kind: "taken", records: [] }]]), time.now);
    });
    time.now += 3_600_000;

    const report = await push(link);

    expect(report).toMatchObject({ status: "complete", pushed: 1, delayed: 0 });
    expect(Object.keys(await parent.bodies())).toEqual(["Patient/large"]);
  });
});
