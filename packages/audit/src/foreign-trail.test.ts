import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { appendAudit } from "./append.ts";
import type { AuditDraft } from "./audit-entry.ts";
import { type ChainPlace, chainStart } from "./chain.ts";
import { listForeignChains } from "./foreign-chains.ts";
import { readForeignSegment } from "./foreign-segment.ts";
import { listAudit } from "./list.ts";
import { auditMigrations } from "./migrations.ts";
import { readOwnHead, readOwnSegment } from "./own-segment.ts";
import { findAuditEntry } from "./read.ts";
import { sealAuditEntries } from "./seal.ts";
import { takeSegment } from "./take-segment.ts";
import type { TrailSegment } from "./trail-segment.ts";
import { verifyAuditChain } from "./verify.ts";
import { verifyForeignChains } from "./verify-foreign.ts";

const aWrite = (n: number, told: Partial<AuditDraft> = {}): AuditDraft => ({
  at: n,
  actor: "nurse",
  operation: "local-write",
  reference: `Patient/${n}`,
  versionBefore: null,
  versionAfter: 1,
  link: null,
  operationId: null,
  outcome: "applied",
  error: null,
  ...told,
});

async function write(database: Database, node: string, ...drafts: AuditDraft[]): Promise<void> {
  await database.transaction((tx) => appendAudit(tx, node, drafts));
  await sealAuditEntries(database);
}

async function segmentOf(database: Database, after: ChainPlace = chainStart, chain?: string): Promise<TrailSegment> {
  const read = await readOwnSegment(database, after, { chain, limit: 100 });
  if (read.kind !== "segment") throw new Error(`there is no segment: ${read.kind}`);
  return read.segment;
}

const take = (database: Database, segment: TrailSegment, via = "clinic") =>
  database.transaction((tx) => takeSegment(tx, segment, { via, now: 7_000 }));

const endOf = ({ after, entries, hash }: TrailSegment): ChainPlace => ({
  position: after.position + entries.length,
  hash,
});

describeOnEachDatabase("the trails that other nodes tell", (open) => {
  async function openTrail(stack: AsyncDisposableStack): Promise<Database> {
    const database = stack.use(await open());
    await migrate(database, auditMigrations);
    return database;
  }

  it("[S67] are taken once, however often and in however large parts they are told", async () => {
    await using stack = new AsyncDisposableStack();
    const [clinic, centre] = [await openTrail(stack), await openTrail(stack)];
    await write(clinic, "clinic", aWrite(1), aWrite(2));
    const first = await segmentOf(clinic);
    await write(clinic, "clinic", aWrite(3));
    const whole = await segmentOf(clinic);

    const outcomes = [];
    for (const segment of [first, first, whole, first]) outcomes.push(await take(centre, segment));

    expect(outcomes.map((one) => one.kind === "taken" && one.position)).toEqual([2, 2, 3, 2]);
    const { entries } = await listAudit(centre, {}, { limit: 10 });
    expect(entries.map(({ node, position, reference }) => [node, position, reference])).toEqual([
      ["clinic", 3, "Patient/3"],
      ["clinic", 2, "Patient/2"],
      ["clinic", 1, "Patient/1"],
    ]);
    expect(await verifyForeignChains(centre)).toMatchObject([
      { chain: { node: "clinic", head: { position: 3 } }, verdict: { kind: "intact", entries: 3 } },
    ]);
  });

  it("stand apart from the node's own chain, in one order of arrival with it", async () => {
    await using stack = new AsyncDisposableStack();
    const [clinic, centre] = [await openTrail(stack), await openTrail(stack)];
    await write(centre, "centre", aWrite(1));
    await write(clinic, "clinic", aWrite(2));
    await take(centre, await segmentOf(clinic));
    await write(centre, "centre", aWrite(3));

    const { entries } = await listAudit(centre, {}, { limit: 10 });

    expect(entries.map(({ at }) => at)).toEqual([3, 2, 1]);
    expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(3);
    expect(await verifyAuditChain(centre)).toEqual({ kind: "intact", entries: 2 });
  });

  it("[S68] are asked for from where they are here when something is missing", async () => {
    await using stack = new AsyncDisposableStack();
    const [clinic, centre, other] = [await openTrail(stack), await openTrail(stack), await openTrail(stack)];
    await write(clinic, "clinic", aWrite(1), aWrite(2));
    const first = await segmentOf(clinic);
    await write(clinic, "clinic", aWrite(3), aWrite(4));
    const second = await segmentOf(clinic, endOf(first), first.chain);
    await write(clinic, "clinic", aWrite(5));
    const third = await segmentOf(clinic, endOf(second), first.chain);
    await take(centre, first);

    expect(await take(centre, third)).toEqual({ kind: "behind", head: endOf(first) });
    expect(await take(other, second)).toEqual({ kind: "behind", head: null });
    expect(await listForeignChains(other)).toEqual([]);
  });

  it("[S68] are refused where they say something else than before, which is noted once", async () => {
    await using stack = new AsyncDisposableStack();
    const [clinic, centre] = [await openTrail(stack), await openTrail(stack)];
    await write(clinic, "clinic", aWrite(1), aWrite(2), aWrite(3));
    const told = await segmentOf(clinic);
    await take(centre, told);
    const forged = await openTrail(stack);
    await write(forged, "clinic", aWrite(1), aWrite(2, { actor: "somebody else" }), aWrite(3), aWrite(4));
    const other = { ...(await segmentOf(forged)), chain: told.chain };

    const outcomes = [await take(centre, other), await take(centre, other)];
    const unsealed = await take(centre, { ...told, entries: [aWrite(9), ...told.entries.slice(1)] });

    expect(outcomes).toEqual([
      { kind: "broken", position: 2, isNew: true },
      { kind: "broken", position: 2, isNew: false },
    ]);
    expect(unsealed).toMatchObject({ kind: "broken", position: 1 });
    expect((await listAudit(centre, { actor: "somebody else" }, { limit: 1 })).entries).toEqual([]);
    expect(await verifyForeignChains(centre)).toMatchObject([
      { chain: { broken: { at: 7_000 } }, verdict: { kind: "intact", entries: 3 } },
    ]);
  });

  it.each([
    ["altered", "update foreign_audit_entries set actor = 'x' where position = 2", { kind: "altered", position: 2 }],
    ["removed", "delete from foreign_audit_entries where position = 2", { kind: "missing", position: 2 }],
    ["cut off", "delete from foreign_audit_entries where position = 3", { kind: "missing", position: 3 }],
  ])("[S68] show it when they were %s here", async (_, tampering, verdict) => {
    await using stack = new AsyncDisposableStack();
    const [clinic, centre] = [await openTrail(stack), await openTrail(stack)];
    await write(clinic, "clinic", aWrite(1), aWrite(2), aWrite(3));
    await take(centre, await segmentOf(clinic));

    await centre.transaction((tx) => tx.run(sql(tampering)));

    expect((await verifyForeignChains(centre)).map((one) => one.verdict)).toEqual([verdict]);
  });

  it("[S69] go on in a further chain from any place, and the former chain stays", async () => {
    await using stack = new AsyncDisposableStack();
    const [clinic, centre] = [await openTrail(stack), await openTrail(stack)];
    await write(clinic, "clinic", aWrite(1), aWrite(2));
    const first = await segmentOf(clinic);
    await take(centre, first);
    await write(clinic, "clinic", aWrite(3));

    const further = await take(centre, await segmentOf(clinic, endOf(first)));

    expect(further).toEqual({ kind: "taken", position: 3, isFurther: true });
    expect((await listForeignChains(centre)).map(({ begins, head }) => [begins.position, head.position])).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it("[S69] are told only as far as their own hashes vouch for them, with the place where to go on", async () => {
    await using stack = new AsyncDisposableStack();
    const clinic = await openTrail(stack);
    await write(clinic, "clinic", aWrite(1), aWrite(2), aWrite(3));
    await clinic.transaction((tx) => tx.run(sql("update audit_entries set actor = 'x' where position = 2")));

    const sound = await segmentOf(clinic);
    const unsound = await readOwnSegment(clinic, endOf(sound), { chain: sound.chain, limit: 10 });

    expect(sound.entries).toHaveLength(1);
    expect(unsound).toMatchObject({ kind: "broken", position: 2, goOnAfter: { position: 2 } });
    const rest = await segmentOf(clinic, unsound.kind === "broken" ? unsound.goOnAfter : chainStart);
    expect(endOf(rest)).toEqual(await readOwnHead(clinic));
  });

  it("[S70] are passed on as they came, and keep their places", async () => {
    await using stack = new AsyncDisposableStack();
    const [clinic, hub, centre] = [await openTrail(stack), await openTrail(stack), await openTrail(stack)];
    await write(clinic, "clinic", aWrite(1), aWrite(2), aWrite(3));
    const told = await segmentOf(clinic);
    await take(hub, told);
    const [chain] = await listForeignChains(hub);

    const parts = [await readForeignSegment(hub, chain!, 0, 2), await readForeignSegment(hub, chain!, 2, 2)];
    for (const part of parts) await take(centre, part!, "hub");

    expect(await readForeignSegment(hub, chain!, 3, 2)).toBeUndefined();
    expect(await listForeignChains(centre)).toMatchObject([{ node: "clinic", via: "hub", head: endOf(told) }]);
    const there = await findAuditEntry(centre, { position: 3, hashBeginning: told.hash.slice(0, 32) });
    expect(there).toMatchObject({ node: "clinic", reference: "Patient/3" });
    expect(await findAuditEntry(centre, { position: 2, hashBeginning: told.hash.slice(0, 32) })).toBeUndefined();
  });
});
