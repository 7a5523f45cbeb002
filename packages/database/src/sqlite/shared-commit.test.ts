import { expect, it } from "vitest";
import { openTestDatabase } from "../../testing/index.ts";
import { sql } from "../sql.ts";

const make = sql("create table notes (text text not null)");
const allowNoMore = sql("pragma max_page_count = 1");
const allowMore = sql("pragma max_page_count = 1000000");
const write = sql("insert into notes (text) values ($1)");
const count = sql("select count(*) as n from notes");

it("tells all that share a commit what has ended it, and keeps nothing of any of them", async () => {
  await using database = await openTestDatabase("sqlite");
  await database.transaction((tx) => tx.run(make, []));
  await database.transaction((tx) => tx.all(allowNoMore, []));
  const noting = (length: number) => database.transaction((tx) => tx.run(write, ["x".repeat(length)]));

  const ended = await Promise.allSettled([noting(1), noting(2), noting(1_000_000), noting(3)]);
  await database.transaction((tx) => tx.all(allowMore, []));
  await noting(1_000_000);

  const full = { status: "rejected", reason: { code: "DATABASE_FULL", retryable: true } };
  expect(ended.slice(0, 3)).toMatchObject([full, full, full]);
  const kept = ended.filter(({ status }) => status === "fulfilled").length;
  expect(await database.first(count, [])).toEqual({ n: kept + 1 });
});
