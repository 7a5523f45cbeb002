import { DatabaseSync } from "node:sqlite";
import { adoptSqliteTransaction } from "@tributary/database";
import { type Change, type HospitalDatabase, hospitalTables } from "./hospital-database.ts";

/** Opens the hospital's tables in a SQLite file with the application's own connection. */
export function openHospitalOnSqlite(file: string): HospitalDatabase {
  const handle = new DatabaseSync(file, { timeout: 5_000 });
  for (const statement of ["pragma journal_mode = wal", "pragma synchronous = full", ...hospitalTables])
    handle.exec(statement);
  let previous: Promise<unknown> = Promise.resolve();

  async function changeNow<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
    handle.exec("begin immediate");
    const adopted = adoptSqliteTransaction(handle);
    let result: Result;
    try {
      result = await work({
        tx: adopted.tx,
        execute: async (statement, parameters = []) =>
          handle.prepare(statement.replace(/\$(\d+)/g, "?$1")).all(...parameters) as never,
      });
      await adopted.beforeCommit();
      handle.exec("commit");
    } catch (error) {
      if (handle.isTransaction) handle.exec("rollback");
      await adopted.rolledBack();
      throw error;
    }
    await adopted.committed();
    return result;
  }

  return {
    change(work) {
      // One connection has one transaction at a time, so that changes wait for each other.
      const next = previous.then(() => changeNow(work));
      previous = next.catch(() => {});
      return next;
    },
    async [Symbol.asyncDispose]() {
      await previous;
      handle.close();
    },
  };
}
