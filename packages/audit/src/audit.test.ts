import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { expect, it } from "vitest";
import { appendAudit } from "./append.ts";
import type { AuditDraft } from "./audit-entry.ts";
import { auditMigrations } from "./migrations.ts";
import { readAuditOfRecord } from "./read.ts";
import { sealAuditEntries } from "./seal.ts";
import { verifyAuditChain } from "./verify.ts";

const aPull = (reference: string, versionAfter = 1): AuditDraft => ({
  at: 1_000,
  actor: "centre",
  operation: "pull",
  reference,
  versionBefore: null,
  versionAfter,
  link: "centre",
  operationId: null,
  outcome: "applied",
  error: null,
});

async function write(database: Database, ...drafts: AuditDraft[]): Promise<void> {
  await database.transaction((tx) => appendAudit(tx, "clinic", drafts));
}

describeOnEachDatabase("the audit trail", (open) => {
  it("leaves nothing behind when the change it tells of is rolled back", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);

    const failing = database.transaction(async (tx) => {
      await appendAudit(tx, "clinic", [aPull("Patient/1")]);
      throw new Error("the change failed");
    });

    await expect(failing).rejects.toThrow("the change failed");
    expect(await readAuditOfRecord(database, "Patient/1", 10)).toEqual([]);
  });

  it("gives every entry one gapless place, however many seal at once", async () => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(database, aPull(`Patient/${n}`))));

    const sealed = await Promise.all([1, 2, 3].map(() => sealAuditEntries(database)));

    expect(sealed.reduce((sum, n) => sum + n)).toBe(20);
    expect(await verifyAuditChain(database)).toEqual({ kind: "intact", entries: 20 });
  });

  it.each([
    [
      "an altered entry",
      "update audit_entries set actor = 'somebody else' where position = 3",
      { kind: "altered", position: 3 },
    ],
    ["a removed entry", "delete from audit_entries where position = 2", { kind: "missing", position: 2 }],
    ["a removed last entry", "delete from audit_entries where position = 5", { kind: "missing", position: 5 }],
    [
      "an entry with its hash made anew",
      `update audit_entries set actor = 'x', chain_hash = '${"a".repeat(64)}' where position = 4`,
      { kind: "altered", position: 4 },
    ],
  ])("finds %s", async (_, tampering, verdict) => {
    await using database = await open();
    await migrate(database, auditMigrations);
    await write(database, ...[1, 2, 3, 4, 5].map((n) => aPull(`Patient/${n}`)));
    await sealAuditEntries(database);

    await database.transaction((tx) => tx.run(sql(tampering)));

    expect(await verifyAuditChain(database)).toEqual(verdict);
  });
});
