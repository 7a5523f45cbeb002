import { type Database, sql } from "@tributary/database";
import { chainHashOf } from "./chain.ts";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";

/** Entries sealed in one transaction: enough to keep up, few enough to hold the thread and the chain's head only for milliseconds. */
const sealBatchMax = 500;

const findUnsealed = sql("select 1 as found from audit_entries where position is null limit 1");
const lockHead = sql({
  sqlite: "select position, chain_hash from audit_chain where only_row = 1",
  postgres: "select position, chain_hash from audit_chain where only_row = 1 for update",
});
const readUnsealed = sql(
  `select ${entryColumns} from audit_entries where position is null order by entry_id limit ${sealBatchMax}`,
);
const sealEntries = sql({
  sqlite: `
    update audit_entries set position = sealed.position, chain_hash = sealed.chain_hash
    from (
      select value ->> 0 as position, value ->> 1 as chain_hash, value ->> 2 as entry_id from json_each($1)
    ) as sealed
    where audit_entries.entry_id = sealed.entry_id`,
  postgres: `
    update audit_entries set position = sealed.position, chain_hash = sealed.chain_hash
    from (
      select (value ->> 0)::bigint as position, value ->> 1 as chain_hash, (value ->> 2)::bigint as entry_id
      from json_array_elements($1::json)
    ) as sealed
    where audit_entries.entry_id = sealed.entry_id`,
});
const moveHead = sql("update audit_chain set position = $1, chain_hash = $2 where only_row = 1");

/**
 * Gives committed entries their gapless places in the chain, and tells how many. Any number of processes may do it at
 * once: the chain's head is locked, so each entry is sealed once. Call it again while it returns its full batch.
 */
export async function sealAuditEntries(database: Database): Promise<number> {
  if (!(await database.first(findUnsealed))) return 0;
  return database.transaction(async (tx) => {
    const head = await tx.first<{ position: number; chain_hash: string }>(lockHead);
    const rows = await tx.all<EntryRow>(readUnsealed);
    if (!head || rows.length === 0) return 0;
    let { position, chain_hash: chainHash } = head;
    const sealed = rows.map((row) => {
      position += 1;
      chainHash = chainHashOf(chainHash, position, row.node, entryOf(row));
      return [position, chainHash, row.entry_id];
    });
    await tx.run(sealEntries, [JSON.stringify(sealed)]);
    await tx.run(moveHead, [position, chainHash]);
    return rows.length;
  });
}
