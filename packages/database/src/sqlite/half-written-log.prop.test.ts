import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { migrate } from "../migration/migrate.ts";
import { openDatabase } from "../open-database.ts";
import { sql } from "../sql.ts";

const add = sql("insert into notes (id, text) values ($1, $2)");
const idsOf = sql("select id from notes order by id");
/** More than the page cache holds, so that SQLite writes to the log before the commit. */
const largeRows = 24;
const largeText = "x".repeat(1024 * 1024);

/** A database and its log as a dying process leaves them: three commits, and half of a transaction behind them. */
async function diedAmidWriting(folder: string) {
  const file = join(folder, "node.db");
  await using database = await openDatabase({ address: file });
  await migrate(database, [
    { id: "notes/1-notes", statements: () => ["create table notes (id integer primary key, text text)"] },
  ]);
  for (const id of [1, 2, 3]) await database.transaction((tx) => tx.run(add, [id, "kept"]));
  const committed = statSync(`${file}-wal`).size;
  let left: { readonly data: Buffer; readonly log: Buffer } | undefined;
  const dying = database.transaction(async (tx) => {
    for (let id = 4; id < 4 + largeRows; id++) await tx.run(add, [id, largeText]);
    left = { data: readFileSync(file), log: readFileSync(`${file}-wal`) };
    throw new Error("The process dies.");
  });
  await expect(dying).rejects.toThrow("The process dies.");
  return { ...left!, committed };
}

it("a log that is half written, wherever it was cut or torn, loses no commit and invents none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-torn-"));
  const { data, log, committed } = await diedAmidWriting(folder);
  const place = fc.integer({ min: committed, max: log.byteLength - 1 });
  expect(log.byteLength).toBeGreaterThan(committed);

  await fc.assert(
    fc.asyncProperty(place, place, fc.integer({ min: 1, max: 255 }), async (end, at, flipped) => {
      const torn = Buffer.from(log.subarray(0, end));
      if (at < end) torn[at] = torn[at]! ^ flipped;
      const file = join(folder, "found.db");
      for (const rest of ["", "-wal", "-shm"]) rmSync(file + rest, { force: true });
      writeFileSync(file, data);
      writeFileSync(`${file}-wal`, torn);
      await using found = await openDatabase({ address: file });
      await found.transaction((tx) => tx.run(add, [100, "later"]));

      expect((await found.all<{ id: number }>(idsOf)).map(({ id }) => id)).toEqual([1, 2, 3, 100]);
    }),
    { numRuns: 20 },
  );
  rmSync(folder, { recursive: true, force: true });
});
