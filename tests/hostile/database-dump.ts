import { type Database, sql } from "@tributary/database";
import { openNodeDatabase, readConfig } from "@tributary/runtime";
import { pause } from "../program/pause.ts";

const tableNames = sql({
  sqlite: "select name from sqlite_schema where type = 'table' and name not like 'sqlite%' order by name",
  postgres: `
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' order by name`,
});
/** Entries of the node's own trail get their places a moment after they were made. */
const countUnsealed = sql("select count(*) as n from audit_entries where position is null");
/** When a child was last heard of is noted also when what it said was refused. */
const lastContact = /^(last_seen_at|marker_\w+)$/;
/** The node counts refused requests too, and tells itself what is wrong, by its own clock. */
const ownCounting = /^(traffic_\w+|alerts?(_\w+)?)$/;
const settleMs = 400;

/** Every row of every table of a node, as text, but for when its children were last heard of and what it counts. */
async function dumpOf(database: Database): Promise<string> {
  const lines: string[] = [];
  for (const { name } of await database.all<{ name: string }>(tableNames)) {
    if (ownCounting.test(name)) continue;
    const rows = await database.all<Record<string, unknown>>(sql(`select * from ${name}`));
    const told = rows.map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !lastContact.test(column))));
    lines.push(`${name}: ${rows.length}`, ...told.sort());
  }
  return lines.join("\n");
}

/** The whole of a served node's database, once what goes on by itself has come to rest. */
export async function settledDump(folder: string): Promise<string> {
  await using database = await openNodeDatabase(await readConfig(folder));
  const isSealed = async () => (await database.first<{ n: number }>(countUnsealed))?.n === 0;
  for (let before = await dumpOf(database); ; ) {
    await pause(settleMs);
    const wasSealed = await isSealed();
    const now = await dumpOf(database);
    if (now === before && wasSealed) return now;
    before = now;
  }
}
