import { type Database, migrate } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { appendAudit } from "./append.ts";
import type { AuditDraft } from "./audit-entry.ts";
import type { AuditFilter } from "./audit-filter.ts";
import { chainStart } from "./chain.ts";
import { auditPageMax, countAudit, listAudit, readAuditInOrder } from "./list.ts";
import { auditMigrations } from "./migrations.ts";
import { readOwnSegment } from "./own-segment.ts";
import { sealAuditEntries } from "./seal.ts";
import { takeSegment } from "./take-segment.ts";

const anEntry = (told: Partial<AuditDraft> = {}): AuditDraft => ({
  at: 1_000,
  actor: "centre",
  operation: "pull",
  reference: "Patient/1",
  versionBefore: null,
  versionAfter: 1,
  link: "centre",
  operationId: null,
  outcome: "applied",
  error: null,
  ...told,
});

async function write(database: Database, node: string, ...drafts: AuditDraft[]): Promise<void> {
  await database.transaction((tx) => appendAudit(tx, node, drafts));
}

/** Has another node, which has a database of its own, tell of entries. */
async function tell(open: () => Promise<Database>, at: Database, node: string, ...drafts: AuditDraft[]): Promise<void> {
  await using other = await open();
  await migrate(other, auditMigrations);
  await write(other, node, ...drafts);
  await sealAuditEntries(other);
  const told = await readOwnSegment(other, chainStart, { chain: undefined, limit: 100 });
  if (told.kind !== "segment") throw new Error("there is nothing to tell");
  await at.transaction((tx) => takeSegment(tx, told.segment, { via: node, now: 9_000 }));
}

describeOnEachDatabase("listing the audit trail", (open) => {
  it("finds what every filter asks for, the latest first", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await write(database, "clinic", anEntry(), anEntry({ at: 2_000, reference: "Patient/2", outcome: "parked" }));
    await tell(open, database, "ward", anEntry({ at: 3_000, actor: "nurse", operation: "local-write" }));
    const found = async (filter: AuditFilter) =>
      (await listAudit(database, filter, { limit: 10 })).entries.map(({ at }) => at);

    expect(await found({})).toEqual([3_000, 2_000, 1_000]);
    expect(await found({ actor: "nurse" })).toEqual([3_000]);
    expect(await found({ node: "clinic" })).toEqual([2_000, 1_000]);
    expect(await found({ reference: "Patient/1" })).toEqual([3_000, 1_000]);
    expect(await found({ operation: "local-write" })).toEqual([3_000]);
    expect(await found({ outcome: "parked" })).toEqual([2_000]);
    expect(await found({ since: 2_000, until: 3_000 })).toEqual([2_000]);
    expect(await found({ node: "ward", since: 2_500 })).toEqual([3_000]);
    expect(await found({ node: "nobody" })).toEqual([]);
    expect(await found({ change: "create", outcomesExcept: ["parked"] })).toEqual([3_000, 1_000]);
    expect(await found({ change: "update" })).toEqual([]);
    expect(await found({ isSealed: true })).toEqual([3_000]);
    expect(await countAudit(database, { reference: "Patient/1" })).toBe(2);
    expect(await found({ node: "clinic", reference: "Patient/1", actor: "nobody" })).toEqual([]);
  });

  it("gives every entry once over all pages, although more are written meanwhile", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await write(database, "clinic", ...[1, 2, 3, 4, 5].map((at) => anEntry({ at })));

    const first = await listAudit(database, {}, { limit: 2 });
    await write(database, "clinic", anEntry({ at: 6 }));
    const second = await listAudit(database, {}, { limit: 2, before: first.next! });
    const third = await listAudit(database, {}, { limit: 2, before: second.next! });

    expect([first, second, third].map(({ entries }) => entries.map(({ at }) => at))).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.next).toBeNull();
  });

  it("tells what made a version from what made none", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await write(
      database,
      "clinic",
      anEntry({ at: 1, versionBefore: null, versionAfter: 1 }),
      anEntry({ at: 2, versionBefore: 1, versionAfter: 2 }),
      anEntry({ at: 3, operation: "push", versionBefore: 2, versionAfter: 2 }),
      anEntry({ at: 4, versionBefore: 2, versionAfter: 3, outcome: "deleted" }),
      anEntry({ at: 5, operation: "failed-attempt", versionBefore: 3, versionAfter: null, outcome: "rejected" }),
    );
    const found = async (change: NonNullable<AuditFilter["change"]>) =>
      (await listAudit(database, { change }, { limit: 10 })).entries.map(({ at }) => at).toReversed();

    expect([await found("create"), await found("update"), await found("delete"), await found("none")]).toEqual([
      [1],
      [2],
      [4],
      [3, 5],
    ]);
  });

  it("puts what other nodes tell where it arrives, although they tell of an earlier time", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await write(database, "centre", anEntry({ at: 5_000 }));
    await tell(open, database, "clinic", anEntry({ at: 1 }), anEntry({ at: 2 }));
    await write(database, "centre", anEntry({ at: 6_000 }));

    const first = await listAudit(database, {}, { limit: 2 });
    const second = await listAudit(database, {}, { limit: 2, before: first.next! });
    const inOrder: number[] = [];
    for await (const { at } of readAuditInOrder(database, {})) inOrder.push(at);

    expect([first, second].map(({ entries }) => entries.map(({ at }) => at))).toEqual([
      [6_000, 2],
      [1, 5_000],
    ]);
    expect(inOrder).toEqual([5_000, 1, 2, 6_000]);
  });

  it("never hands out more than its largest page", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await write(database, "clinic", ...Array.from({ length: auditPageMax + 1 }, (_, at) => anEntry({ at })));

    const page = await listAudit(database, {}, { limit: 10_000 });

    expect(page.entries).toHaveLength(auditPageMax);
    expect(page.next).toBe(page.entries.at(-1)?.entryId);
  });
});
