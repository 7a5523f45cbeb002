import { auditMigrations, readLatestAudit } from "@tributary/audit";
import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock as clock, systemRandom as random } from "@tributary/kernel";
import { expect, it } from "vitest";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import { checkApiToken, createApiToken, listApiTokens, revokeApiToken } from "./api-tokens.ts";

describeOnEachDatabase("API tokens", (open) => {
  async function openMigrated(): Promise<Database> {
    const database = await open();
    await migrate(database, [...auditMigrations, ...runtimeMigrations]);
    return database;
  }

  it("lets a token in by its text, and stores only its hash", async () => {
    await using database = await openMigrated();

    const token = await createApiToken(database, { name: "reporting", clock, random });

    expect(token).toMatch(/^trb_[A-Za-z0-9_-]{43}$/);
    expect(await checkApiToken(database, token)).toBe("reporting");
    expect(await checkApiToken(database, `${token}x`)).toBeUndefined();
    expect(await checkApiToken(database, "")).toBeUndefined();
    expect(JSON.stringify(await database.all(sql("select * from api_tokens")))).not.toContain(token);
  });

  it("keeps a revoked token out at once and keeps it in the list", async () => {
    await using database = await openMigrated();
    const token = await createApiToken(database, { name: "old", clock, random });

    expect(await revokeApiToken(database, { name: "old", clock })).toBe("revoked");

    expect(await checkApiToken(database, token)).toBeUndefined();
    expect(await listApiTokens(database)).toEqual([
      { name: "old", createdAt: expect.any(Number), revokedAt: expect.any(Number) },
    ]);
    expect(await revokeApiToken(database, { name: "old", clock })).toBe("already-revoked");
    expect(await revokeApiToken(database, { name: "nobody", clock })).toBe("unknown");
  });

  it("enters in the audit trail who made and who revoked it, once, and nothing of its text", async () => {
    await using database = await openMigrated();
    const by = { nodeId: "centre", author: "admin" };

    const token = await createApiToken(database, { name: "one", clock, random, by });
    await expect(createApiToken(database, { name: "one", clock, random, by })).rejects.toThrow();
    for (const _ of [1, 2]) await revokeApiToken(database, { name: "one", clock, by });

    const entries = await readLatestAudit(database, 9);
    expect(
      entries.map(({ actor, operation, operationId, outcome }) => [actor, operation, operationId, outcome]),
    ).toEqual([
      ["admin", "configure", "one", "token-revoked"],
      ["admin", "configure", "one", "token-created"],
    ]);
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  it("refuses a name that is taken or cannot be one", async () => {
    await using database = await openMigrated();
    await createApiToken(database, { name: "one", clock, random });

    await expect(createApiToken(database, { name: "one", clock, random })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    await expect(createApiToken(database, { name: "../x", clock, random })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
