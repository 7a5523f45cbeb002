import { auditMigrations, readLatestAudit } from "@tributary/audit";
import { type Database, migrate, sql } from "@tributary/database";
import { describeOnEachDatabase } from "@tributary/database/testing";
import { systemClock as clock, systemRandom as random } from "@tributary/kernel";
import { expect, it } from "vitest";
import { runtimeMigrations } from "../node/runtime-migrations.ts";
import { checkApiToken, createApiToken, listApiTokens, revokeApiToken, stateOfToken } from "./api-tokens.ts";

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
    expect(await checkApiToken(database, token, clock)).toEqual({ name: "reporting", role: "administrator" });
    expect(await checkApiToken(database, `${token}x`, clock)).toBeUndefined();
    expect(await checkApiToken(database, "", clock)).toBeUndefined();
    expect(JSON.stringify(await database.all(sql("select * from api_tokens")))).not.toContain(token);
  });

  it("keeps a revoked token out at once and keeps it in the list", async () => {
    await using database = await openMigrated();
    const token = await createApiToken(database, { name: "old", clock, random });

    expect(await revokeApiToken(database, { name: "old", clock })).toBe("revoked");

    expect(await checkApiToken(database, token, clock)).toBeUndefined();
    expect(await listApiTokens(database)).toEqual([
      {
        name: "old",
        role: "administrator",
        createdAt: expect.any(Number),
        createdBy: null,
        expiresAt: null,
        revokedAt: expect.any(Number),
        lastUsedAt: null,
      },
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
      ["admin", "configure", "one", "token-created-administrator"],
    ]);
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  it("lets a token in as its role until its end, and notes by the minute when it was used", async () => {
    await using database = await openMigrated();
    const time = { now: 1_000_000 };
    const moved = { ...clock, now: () => time.now };
    const by = { nodeId: "centre", author: "admin" };
    const token = await createApiToken(database, {
      name: "board",
      role: "viewer",
      expiresAt: 2_000_000,
      clock: moved,
      random,
      by,
    });

    const seen = [await checkApiToken(database, token, moved)];
    time.now += 30_000;
    seen.push(await checkApiToken(database, token, moved));
    const [listed] = await listApiTokens(database);
    time.now = 2_000_000;
    seen.push(await checkApiToken(database, token, moved));

    expect(seen).toEqual([{ name: "board", role: "viewer" }, { name: "board", role: "viewer" }, undefined]);
    expect(listed).toMatchObject({ createdBy: "admin", expiresAt: 2_000_000, lastUsedAt: 1_000_000 });
    expect(listed && [stateOfToken(listed, 1_999_999), stateOfToken(listed, 2_000_000)]).toEqual(["living", "expired"]);
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
