import { type Database, sql } from "@tributary/database";
import { chainHashOf, chainStart } from "./chain.ts";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";

/** Rows read at a time while a chain is walked. */
const verifyBatch = 2_000;

const readHead = sql("select position, chain_hash from audit_chain where only_row = 1");
const readSealed = sql(
  `select ${entryColumns} from audit_entries where position > $1 order by position limit ${verifyBatch}`,
);

/** What walking the chain found. */
export type ChainVerdict =
  | { readonly kind: "intact"; readonly entries: number }
  | { readonly kind: "altered"; readonly position: number }
  | { readonly kind: "missing"; readonly position: number };

/**
 * Walks the whole chain and names the first place at which an entry was altered or is missing, the last one included.
 * It reads one unchanging state; entries that are not sealed yet are not part of the chain.
 */
export async function verifyAuditChain(database: Database): Promise<ChainVerdict> {
  return database.snapshot(async (reader) => {
    const head = await reader.first<{ position: number; chain_hash: string }>(readHead);
    let { position, hash: chainHash } = chainStart;
    for (;;) {
      const rows = await reader.all<EntryRow>(readSealed, [position]);
      if (rows.length === 0) break;
      for (const row of rows) {
        if (row.position !== position + 1) return { kind: "missing", position: position + 1 };
        position += 1;
        chainHash = chainHashOf(chainHash, position, row.node, entryOf(row));
        if (chainHash !== row.chain_hash) return { kind: "altered", position };
      }
    }
    if (!head || head.position !== position) return { kind: "missing", position: position + 1 };
    return head.chain_hash === chainHash ? { kind: "intact", entries: position } : { kind: "altered", position };
  });
}
