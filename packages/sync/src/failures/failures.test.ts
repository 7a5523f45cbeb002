import { readAuditOfRecord } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { aPatient, saving } from "@tributary/fhir/testing";
import { seededRandom } from "@tributary/kernel";
import { expect, it } from "vitest";
import {
  counting,
  cutting,
  moveAll,
  type NodeForTests,
  openPair,
  type Pair,
  pushOnce,
  synchronizerOf,
} from "../../testing/index.ts";
import type { Exchange } from "../line/exchange.ts";
import { noteFailedPull } from "../pull/failed-pulls.ts";
import { discardFailure } from "./discard-failure.ts";
import { listFailures, readFailure } from "./list-failures.ts";
import { retryAllFailures, retryFailure } from "./retry-failure.ts";

const live = new AbortController().signal;
const invalid = { gender: "unheard-of" };

interface Link extends Pair {
  readonly actor: { readonly nodeId: NodeForTests["id"]; readonly author: string; readonly now: number };
}

async function openLink(open: () => Promise<Database>): Promise<Link> {
  const pair = await openPair(open);
  return { ...pair, actor: { nodeId: pair.child.id, author: "nurse", now: pair.child.clock.now() } };
}

const push = ({ parent, child }: Link, line?: Exchange) => pushOnce(child, parent, line);

async function pull({ parent, child }: Link) {
  await using synchronizer = synchronizerOf(child, parent.answer);
  const report = await synchronizer.pullOnce(live);
  await moveAll(child.database);
  return report;
}

/** A record that the parent changed while the child's own, refused edit of it waits. */
async function openLinkWithFailures(open: () => Promise<Database>): Promise<Link> {
  const link = await openLink(open);
  await link.parent.save(aPatient("p"));
  await pull(link);
  await link.child.save(aPatient("p", invalid));
  await push(link);
  await link.parent.save(aPatient("p", { active: true }));
  await pull(link);
  return link;
}

/** Refuses, as a broken gateway does, each request whose body is longer than so many bytes. */
function failingAbove(line: Exchange, bytes: number, status: number): Exchange {
  return async (request, signal) => {
    if ((request.body?.length ?? 0) <= bytes) return line(request, signal);
    return { status, headers: { "content-type": "text/html" }, body: new Uint8Array(), wireBytes: 0 };
  };
}

describeOnEachDatabase("what failed", (open) => {
  it("[S46] lists records that wait and units that were refused, without their content", async () => {
    await using link = await openLinkWithFailures(open);
    const { database } = link.child;

    const listed = await listFailures(database, { limit: 10 });

    const seen = {
      missing: [],
      dependants: [],
      attempts: 1,
      firstFailedAt: expect.any(Number),
      lastFailedAt: expect.any(Number),
    };
    expect(listed).toEqual([
      {
        ...seen,
        failureId: "pull:Patient/p",
        kind: "pull",
        references: ["Patient/p"],
        class: "dependency",
        reason: "edited-here",
        nextAttemptAt: expect.any(Number),
        detail: null,
      },
      {
        ...seen,
        failureId: "push:1",
        kind: "push",
        references: ["Patient/p"],
        class: "invalid",
        reason: "refused-by-parent",
        nextAttemptAt: null,
        detail: expect.stringContaining("Patient/p is not valid"),
      },
    ]);
    expect(JSON.stringify(listed)).not.toContain(invalid.gender);
    expect(await readFailure(database, "push:1")).toEqual(listed[1]);
    expect(await readFailure(database, "push:2")).toBeUndefined();
    expect(await readFailure(database, "Patient/p")).toBeUndefined();
  });

  it("[S46] goes through the list page by page", async () => {
    await using link = await openLinkWithFailures(open);
    const { database } = link.child;
    await link.child.save(aPatient("another", invalid));
    await push(link);
    const names: string[] = [];

    for (let after: string | undefined; ; ) {
      const [next] = await listFailures(database, { limit: 1, ...(after ? { after } : {}) });
      if (!next) break;
      after = next.failureId;
      names.push(after);
    }

    expect(names).toEqual(["pull:Patient/p", "push:1", "push:2"]);
  });

  it("[S47] sends a refused unit again under a new name, and the failure keeps its own", async () => {
    await using link = await openLink(open);
    const { parent, child, actor } = link;
    await child.save(aPatient("bad", invalid));
    const names: string[] = [];
    const line: Exchange = (request, signal) => {
      names.push(/north\.\w+:\d+/.exec(request.body ?? "")?.[0] ?? "");
      return parent.answer(request, signal);
    };
    await push(link, line);

    const retried = await child.database.transaction((tx) => retryFailure(tx, "push:1", actor));
    const waiting = await listFailures(child.database, { limit: 10 });
    const again = await push(link, line);

    expect(retried?.references).toEqual(["Patient/bad"]);
    expect(waiting).toEqual([]);
    expect(again).toMatchObject({ status: "partial", rejected: 1, refused: 1 });
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
    expect(await listFailures(child.database, { limit: 10 })).toMatchObject([{ failureId: "push:1", attempts: 2 }]);
  });

  it("[S47] sends what the record holds now when it was edited before the retry", async () => {
    await using link = await openLink(open);
    const { parent, child, actor } = link;
    await child.save(aPatient("bad", invalid));
    await push(link);
    await child.save(aPatient("bad", { gender: "other" }));

    await child.database.transaction((tx) => retryFailure(tx, "push:1", actor));
    const again = await push(link);

    expect(again).toMatchObject({ status: "complete", pushed: 1 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S47] makes a record of the parent due at once", async () => {
    await using link = await openLink(open);
    const { parent, child, actor } = link;
    await parent.save(aPatient("p"));
    await pull(link);
    const failed = { type: "Patient", id: "p", remoteVersion: 1, reason: "missing-at-parent" } as const;
    await child.database.transaction((tx) => noteFailedPull(tx, "centre", failed, actor.now, seededRandom(3)));

    const before = await pull(link);
    await child.database.transaction((tx) => retryFailure(tx, "pull:Patient/p", actor));
    const after = await pull(link);

    expect(before).toMatchObject({ status: "partial", waiting: 1 });
    expect(after).toMatchObject({ status: "complete", waiting: 0 });
  });

  it("[S48] sends a refused unit by itself, whole, once one of its records is edited", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.database.transaction((tx) =>
      child.store.write(tx, [saving(aPatient("bad", invalid)), saving(aPatient("beside"))]),
    );
    await moveAll(child.database);
    await push(link);
    await child.save(aPatient("bad", { gender: "male" }));
    const line = counting(parent.answer);

    const { status, pushed, requests } = await push(link, line);

    expect({ status, pushed, requests }).toEqual({ status: "complete", pushed: 2, requests: 1 });
    expect(await parent.bodies()).toEqual(await child.bodies());
    expect(await listFailures(child.database, { limit: 10 })).toEqual([]);
  });

  it("[S48] joins an edit that was queued while the refused unit was on its way", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    await child.save(aPatient("bad", invalid));
    await push(
      link,
      cutting(parent.answer, () => "after"),
    );
    await child.save(aPatient("bad", { gender: "male" }));

    const report = await push(link);

    expect(report).toMatchObject({ status: "complete", rejected: 1, pushed: 1, refused: 0 });
    expect(await parent.bodies()).toEqual(await child.bodies());
  });

  it("[S49] discards only with a reason, and leaves the record as it is", async () => {
    await using link = await openLinkWithFailures(open);
    const { parent, child, actor } = link;
    const held = await child.bodies();
    const discard = (failureId: string, reason: string) =>
      child.database.transaction((tx) => discardFailure(tx, failureId, { ...actor, reason }));

    await expect(discard("push:1", " \n")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const discarded = [await discard("push:1", "made in error"), await discard("pull:Patient/p", "not needed")];
    const again = await discard("push:1", "made in error");

    expect(discarded.map((failure) => failure?.failureId)).toEqual(["push:1", "pull:Patient/p"]);
    expect(again).toBeUndefined();
    expect(await listFailures(child.database, { limit: 10 })).toEqual([]);
    expect(await child.bodies()).toEqual(held);
    expect(await push(link)).toMatchObject({ status: "complete", requests: 0 });
    expect(await parent.bodies()).not.toEqual(held);
  });

  it("[S50] enters a retry and a discard in the audit trail, or leaves everything as it was", async () => {
    await using link = await openLinkWithFailures(open);
    const { child, actor } = link;
    const { database } = child;
    const reason = `typed twice\u0007 ${"x".repeat(300)}`;

    await expect(
      database.transaction(async (tx) => {
        await discardFailure(tx, "push:1", { ...actor, reason });
        throw new Error("the power failed");
      }),
    ).rejects.toThrow("the power failed");
    const still = await listFailures(database, { limit: 10 });
    const retried = await database.transaction((tx) => retryAllFailures(tx, actor));
    await push(link);
    await database.transaction((tx) => discardFailure(tx, "push:1", { ...actor, reason }));

    expect(still).toHaveLength(2);
    expect(retried).toBe(2);
    const manual = (await readAuditOfRecord(database, "Patient/p", 50)).filter(
      ({ operation }) => operation === "manual",
    );
    expect(manual.map(({ outcome, operationId }) => `${outcome} ${operationId}`).toSorted()).toEqual([
      "discarded push:1",
      "retried pull:Patient/p",
      "retried push:1",
    ]);
    const discarded = manual.find(({ outcome }) => outcome === "discarded");
    expect(discarded).toMatchObject({ actor: "nurse", node: "north", link: "centre" });
    expect(discarded?.error).toMatch(/^typed twice x+$/);
    expect(discarded?.error).toHaveLength(200);
  });

  it("[S45] gets everything through a line that breaks each larger request, in ever smaller ones", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 40; n++) await child.save(aPatient(`n${n}`));
    await using synchronizer = synchronizerOf(child, failingAbove(parent.answer, 1_000, 503));
    const statuses: string[] = [];

    while (statuses.at(-1) !== "complete" && statuses.length < 40)
      statuses.push((await synchronizer.pushOnce(live)).status);

    expect(statuses.at(-1)).toBe("complete");
    expect(statuses[0]).toBe("interrupted");
    expect(Object.keys(await parent.bodies())).toHaveLength(40);
  });

  it("[S45] gets everything through a line that fails each larger request, within one round", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 40; n++) await child.save(aPatient(`n${n}`));

    const { status, requests } = await push(link, failingAbove(parent.answer, 1_000, 502));

    expect(status).toBe("complete");
    expect(requests).toBeLessThan(50);
    expect(Object.keys(await parent.bodies())).toHaveLength(40);
  });

  it("[S45] sets a unit aside that is too large by itself, sends the others, and tries it again", async () => {
    await using link = await openLink(open);
    const { parent, child } = link;
    for (let n = 0; n < 5; n++) await child.save(aPatient(`n${n}`));
    await child.save(aPatient("large", { language: "x".repeat(2_000) }));
    for (let n = 5; n < 10; n++) await child.save(aPatient(`n${n}`));

    const report = await push(link, failingAbove(parent.answer, 2_000, 413));

    expect(report).toMatchObject({ status: "partial", pushed: 10, delayed: 1 });
    const [failure] = await listFailures(child.database, { limit: 10 });
    expect(failure).toMatchObject({
      references: ["Patient/large"],
      class: "too-large",
      detail: "It is too large for one request.",
    });
    await child.database.transaction((tx) => retryFailure(tx, failure!.failureId, link.actor));
    expect(await push(link)).toMatchObject({ status: "complete", pushed: 1 });
  });
});
