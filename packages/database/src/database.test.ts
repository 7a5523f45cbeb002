import { expect, it } from "vitest";
import { describeOnEachDatabase } from "../testing/index.ts";
import { bulkInsert } from "./bulk-insert.ts";
import { isUniqueViolation } from "./errors.ts";
import { migrate } from "./migration/migrate.ts";
import type { Migration } from "./migration/migration.ts";
import { queryBuilder } from "./query-builder.ts";
import { sql } from "./sql.ts";

const notes: Migration = {
  id: "test/1-notes",
  statements: (types) => [
    `create table notes (id ${types.identity}, word text not null unique, weight ${types.bigint}, at ${types.timestamp} not null default ${types.now})`,
  ],
};
const addNote = sql("insert into notes (word, weight) values ($1, $2)");
const countNotes = sql("select count(*) as n from notes");
const readNotes = sql("select word, weight from notes order by id");

describeOnEachDatabase("a database", (open) => {
  it("makes all of a transaction durable, or none", async () => {
    await using database = await open();
    await migrate(database, [notes]);

    await database.transaction(async (tx) => {
      await tx.run(addNote, ["kept", 1]);
    });
    const failing = database.transaction(async (tx) => {
      await tx.run(addNote, ["lost", 2]);
      throw new Error("no");
    });

    await expect(failing).rejects.toThrow("no");
    expect(await database.all(readNotes)).toEqual([{ word: "kept", weight: 1 }]);
  });

  it("lets one of many concurrent transactions fail alone", async () => {
    await using database = await open();
    await migrate(database, [notes]);

    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        database.transaction(async (tx) => {
          await tx.run(addNote, [`word ${n}`, n]);
          if (n % 4 === 0) throw new Error("refused");
          return n;
        }),
      ),
    );

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(30);
    expect(await database.first(countNotes)).toEqual({ n: 30 });
  });

  it("undoes a failed savepoint alone, hooks included", async () => {
    await using database = await open();
    await migrate(database, [notes]);
    const heard: string[] = [];

    await database.transaction(async (tx) => {
      await tx.run(addNote, ["outer", 1]);
      tx.afterCommit(() => void heard.push("outer committed"));
      await tx
        .savepoint(async (inner) => {
          inner.afterCommit(() => void heard.push("inner committed"));
          inner.afterRollback(() => void heard.push("inner undone"));
          await inner.run(addNote, ["inner", 2]);
          throw new Error("inner fails");
        })
        .catch(() => {});
    });

    expect(await database.all(readNotes)).toEqual([{ word: "outer", weight: 1 }]);
    expect(heard).toEqual(["inner undone", "outer committed"]);
  });

  it("rolls back when a hook before the commit throws, and tells the rollback hooks", async () => {
    await using database = await open();
    await migrate(database, [notes]);
    const heard: string[] = [];

    const vetoed = database.transaction(async (tx) => {
      await tx.run(addNote, ["vetoed", 1]);
      tx.beforeCommit(() => {
        throw new Error("veto");
      });
      tx.afterCommit(() => void heard.push("committed"));
      tx.afterRollback(() => void heard.push("undone"));
    });

    await expect(vetoed).rejects.toThrow("veto");
    expect(heard).toEqual(["undone"]);
    expect(await database.first(countNotes)).toEqual({ n: 0 });
  });

  it("refuses a hook on a transaction that has ended", async () => {
    await using database = await open();

    const escaped = await database.transaction(async (tx) => tx);

    expect(() => escaped.afterCommit(() => {})).toThrow("has already ended");
  });

  it("reads a snapshot that later commits do not change", async () => {
    await using database = await open();
    await migrate(database, [notes]);

    const counts = await database.snapshot(async (reader) => {
      const before = await reader.first<{ n: number }>(countNotes);
      await database.transaction((tx) => tx.run(addNote, ["later", 1]));
      const after = await reader.first<{ n: number }>(countNotes);
      return [before?.n, after?.n];
    });

    expect(counts).toEqual([0, 0]);
    expect(await database.first(countNotes)).toEqual({ n: 1 });
  });

  it("inserts many rows at once and tells a duplicate key", async () => {
    await using database = await open();
    await migrate(database, [notes]);
    const addNotes = bulkInsert("notes", { word: "text", weight: "bigint" });

    await database.transaction((tx) =>
      addNotes(
        tx,
        Array.from({ length: 1000 }, (_, n) => [`w${n}`, n]),
      ),
    );
    const twice = database.transaction((tx) => addNotes(tx, [["w0", 0]]));

    await expect(twice.catch(isUniqueViolation)).resolves.toBe(true);
    expect(await database.first(countNotes)).toEqual({ n: 1000 });
  });

  it("runs composed statements", async () => {
    await using database = await open();
    await migrate(database, [notes]);
    await database.transaction((tx) => tx.run(addNote, ["one", 7]));

    const build = queryBuilder<{ notes: { word: string; weight: number } }>(database.dialect);
    const rows = await database.query(build.selectFrom("notes").select("word").where("weight", ">", 5).compile());

    expect(rows).toEqual([{ word: "one" }]);
  });

  it("answers what was asked before it was closed, and refuses what is asked after", async () => {
    await using database = await open();
    await migrate(database, [notes]);
    const gate = Promise.withResolvers<void>();
    const moreThanItHasConnections = 30;
    const asked = Array.from({ length: moreThanItHasConnections }, (_, n) =>
      database.transaction(async (tx) => {
        await gate.promise;
        return tx.run(addNote, [`w${n}`, n]);
      }),
    );

    const closing = database.close();
    const late = [database.first(countNotes), database.transaction((tx) => tx.run(addNote, ["late", 0]))];
    const refused = await Promise.allSettled(late);
    gate.resolve();
    const answered = await Promise.all(asked);
    await closing;

    expect(answered).toEqual(asked.map(() => 1));
    for (const outcome of [...refused, ...(await Promise.allSettled([database.first(countNotes)]))]) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "DATABASE_UNAVAILABLE" } });
    }
  });

  it("migrates once, however often and by however many at once it is asked", async () => {
    await using database = await open();

    const runs = await Promise.all([
      migrate(database, [notes]),
      migrate(database, [notes]),
      migrate(database, [notes]),
    ]);

    expect(runs.flat()).toEqual(["test/1-notes"]);
    expect(await migrate(database, [notes])).toEqual([]);
  });

  it("refuses a database that a newer version has migrated", async () => {
    await using database = await open();
    await migrate(database, [notes, { id: "test/2-later", statements: () => ["create table later (id integer)"] }]);

    await expect(migrate(database, [notes])).rejects.toMatchObject({ code: "DATABASE_NEWER" });
  });
});
