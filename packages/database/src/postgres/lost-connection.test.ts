import { describe, expect, it } from "vitest";
import { openTestDatabase } from "../../testing/index.ts";
import type { Database } from "../database.ts";
import { sql } from "../sql.ts";

const readBackend = sql("select pg_backend_pid() as pid");
const endBackend = sql("select pg_terminate_backend($1)");
const countBackends = sql("select count(*) as n from pg_stat_activity where pid = $1");
const sleepLong = sql("select pg_sleep(60)");
const limitIdleness = sql("set local idle_in_transaction_session_timeout = 20");
const one = sql("select 1 as n");

async function isGone(database: Database, pid: number): Promise<void> {
  while ((await database.first<{ n: number }>(countBackends, [pid]))?.n !== 0);
}

describe("a transaction whose connection PostgreSQL ends", () => {
  it("fails as something that can be done again, and the process lives on", async () => {
    await using database = await openTestDatabase("postgres");

    const between = database.transaction(async (tx) => {
      const { pid } = (await tx.first<{ pid: number }>(readBackend))!;
      await database.all(endBackend, [pid]);
      await isGone(database, pid);
      await tx.all(one);
    });

    await expect(between).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", retryable: true });
    expect(await database.first(one)).toEqual({ n: 1 });
  });

  it("does so too amid a statement", async () => {
    await using database = await openTestDatabase("postgres");

    const during = database.transaction(async (tx) => {
      const { pid } = (await tx.first<{ pid: number }>(readBackend))!;
      await Promise.all([tx.all(sleepLong), database.all(endBackend, [pid])]);
    });

    await expect(during).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", retryable: true });
    expect(await database.first(one)).toEqual({ n: 1 });
  });

  it("does so too when it was left open for too long", async () => {
    await using database = await openTestDatabase("postgres");

    const stuck = database.transaction(async (tx) => {
      const { pid } = (await tx.first<{ pid: number }>(readBackend))!;
      await tx.run(limitIdleness);
      await isGone(database, pid);
      await tx.all(one);
    });

    await expect(stuck).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", retryable: true });
    expect(await database.first(one)).toEqual({ n: 1 });
  });
});
