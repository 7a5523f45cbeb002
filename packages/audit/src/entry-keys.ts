import { sql, type Transaction } from "@tributary/database";

const takeOnPostgres = sql(`
  select nextval(pg_get_serial_sequence('audit_entries', 'entry_id')) as key from generate_series(1, $1::integer)`);
const takeOnSqlite = sql("update sqlite_sequence set seq = seq + $1 where name = 'audit_entries' returning seq");
const beginOnSqlite = sql("insert into sqlite_sequence (name, seq) values ('audit_entries', $1)");

/**
 * Takes keys out of the sequence that gives own entries theirs, ascending. So own entries and those of other nodes stand
 * in one order, that of their arrival here, and a page of both is one range of keys.
 */
export async function takeEntryKeys(tx: Transaction, count: number): Promise<number[]> {
  if (tx.dialect === "postgres") {
    return (await tx.all<{ key: number }>(takeOnPostgres, [count])).map(({ key }) => Number(key));
  }
  const row = await tx.first<{ seq: number }>(takeOnSqlite, [count]);
  if (!row) await tx.run(beginOnSqlite, [count]);
  const last = row?.seq ?? count;
  return Array.from({ length: count }, (_, at) => last - count + 1 + at);
}
