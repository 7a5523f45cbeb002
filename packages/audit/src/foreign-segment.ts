import { type Reader, sql } from "@tributary/database";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";
import type { ForeignChain } from "./foreign-chains.ts";
import type { TrailSegment } from "./trail-segment.ts";

const readBehind = sql(`
  select ${entryColumns} from foreign_audit_entries
  where node = $1 and chain = $2 and position > $3 order by position limit $4`);
const readHash = sql("select chain_hash from foreign_audit_entries where node = $1 and chain = $2 and position = $3");

/**
 * Reads up to `limit` entries of another node's chain behind a position, to be passed on as they came; `undefined` when
 * there are none, or when the position is before the chain's beginning here.
 */
export async function readForeignSegment(
  reader: Reader,
  { node, chain, begins }: Pick<ForeignChain, "node" | "chain" | "begins">,
  position: number,
  limit: number,
): Promise<TrailSegment | undefined> {
  const rows = await reader.all<EntryRow>(readBehind, [node, chain, position, limit]);
  const last = rows.at(-1);
  if (!last || position < begins.position) return undefined;
  const before =
    position === begins.position
      ? begins.hash
      : (await reader.first<{ chain_hash: string }>(readHash, [node, chain, position]))?.chain_hash;
  if (before === undefined) return undefined;
  return { node, chain, after: { position, hash: before }, entries: rows.map(entryOf), hash: last.chain_hash! };
}
