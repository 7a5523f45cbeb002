import { adoptPostgresTransaction } from "@tributary/database";
import pg from "pg";
import { type HospitalDatabase, hospitalTables, type Value } from "./hospital-database.ts";

/** Opens the hospital's tables in PostgreSQL with the application's own pool. */
export async function openHospitalOnPostgres(url: string): Promise<HospitalDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  for (const statement of hospitalTables) await pool.query(statement);
  return {
    async change(work) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const adopted = adoptPostgresTransaction(client);
        let result: Awaited<ReturnType<typeof work>>;
        try {
          result = await work({
            tx: adopted.tx,
            execute: async (statement, parameters = []) =>
              (await client.query<Record<string, Value>>(statement, [...parameters])).rows,
          });
          await adopted.beforeCommit();
          await client.query("commit");
        } catch (error) {
          await client.query("rollback");
          await adopted.rolledBack();
          throw error;
        }
        await adopted.committed();
        return result;
      } finally {
        client.release();
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}
