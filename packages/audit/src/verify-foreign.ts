import { type Database, type Reader, sql } from "@tributary/database";
import { chainHashOf } from "./chain.ts";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";
import { type ForeignChain, listForeignChains } from "./foreign-chains.ts";
import type { ChainVerdict } from "./verify.ts";

/** Rows read at a time while a chain is walked. */
const verifyBatch = 2_000;

const readBehind = sql(`
  select ${entryColumns} from foreign_audit_entries
  where node = $1 and chain = $2 and position > $3 order by position limit ${verifyBatch}`);

/** What walking another node's chain found, beside the chain itself. */
export interface ForeignVerdict {
  readonly chain: ForeignChain;
  /** Whether what is here of it is still what was told; `entries` counts what is here. */
  readonly verdict: ChainVerdict;
}

/** Walks every chain that other nodes told, each from its first entry here to its last, as `verifyAuditChain` does. */
export async function verifyForeignChains(database: Database): Promise<ForeignVerdict[]> {
  return database.snapshot(async (reader) => {
    const verdicts: ForeignVerdict[] = [];
    for (const chain of await listForeignChains(reader)) verdicts.push({ chain, verdict: await walk(reader, chain) });
    return verdicts;
  });
}

async function walk(reader: Reader, { node, chain, begins, head }: ForeignChain): Promise<ChainVerdict> {
  let { position, hash } = begins;
  for (;;) {
    const rows = await reader.all<EntryRow>(readBehind, [node, chain, position]);
    if (rows.length === 0) break;
    for (const row of rows) {
      if (row.position !== position + 1) return { kind: "missing", position: position + 1 };
      position += 1;
      hash = chainHashOf(hash, position, row.node, entryOf(row));
      if (hash !== row.chain_hash) return { kind: "altered", position };
    }
  }
  if (position !== head.position) return { kind: "missing", position: position + 1 };
  return hash === head.hash ? { kind: "intact", entries: position - begins.position } : { kind: "altered", position };
}
