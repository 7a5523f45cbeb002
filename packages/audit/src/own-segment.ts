import { type Reader, sql } from "@tributary/database";
import { type ChainPlace, chainHashOf, chainNameOf } from "./chain.ts";
import { type EntryRow, entryColumns, entryOf } from "./entry-row.ts";
import type { TrailSegment } from "./trail-segment.ts";

const readHead = sql("select position, chain_hash as hash from audit_chain where only_row = 1");
const readBehind = sql(`select ${entryColumns} from audit_entries where position > $1 order by position limit $2`);
const readHash = sql("select chain_hash from audit_entries where position = $1");

/** What follows a place in this node's own trail. */
export type OwnSegment =
  | { readonly kind: "nothing" }
  | { readonly kind: "segment"; readonly segment: TrailSegment }
  /** The next entry was altered or is missing here; a further chain can begin after `goOnAfter`. */
  | { readonly kind: "broken"; readonly position: number; readonly goOnAfter: ChainPlace };

/** How far this node's own trail is sealed. */
export async function readOwnHead(reader: Reader): Promise<ChainPlace> {
  return (await reader.first<ChainPlace>(readHead))!;
}

/** The hash that this node's own trail has at a position, or `undefined` when it has no such place. */
export async function readOwnHash(reader: Reader, position: number): Promise<string | undefined> {
  return (await reader.first<{ chain_hash: string }>(readHash, [position]))?.chain_hash;
}

/**
 * Reads up to `limit` sealed entries behind a place, as far as each continues the one before; only what its own hash
 * vouches for is told. `chain` names the chain they belong to, and is `undefined` where one begins.
 */
export async function readOwnSegment(
  reader: Reader,
  after: ChainPlace,
  { chain, limit }: { readonly chain: string | undefined; readonly limit: number },
): Promise<OwnSegment> {
  const rows = await reader.all<EntryRow>(readBehind, [after.position, limit]);
  const [first] = rows;
  if (!first) return { kind: "nothing" };
  const sound = soundBeginning(rows, after);
  if (sound.length === 0) {
    const position = after.position + 1;
    return { kind: "broken", position, goOnAfter: { position: first.position!, hash: first.chain_hash! } };
  }
  const segment = {
    node: first.node,
    chain: chain ?? chainNameOf(first.chain_hash!),
    after,
    entries: sound.map(entryOf),
    hash: sound.at(-1)!.chain_hash!,
  };
  return { kind: "segment", segment };
}

function soundBeginning(rows: readonly EntryRow[], after: ChainPlace): readonly EntryRow[] {
  let { position, hash } = after;
  const end = rows.findIndex((row) => {
    position += 1;
    hash = chainHashOf(hash, position, row.node, entryOf(row));
    return row.position !== position || row.chain_hash !== hash;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
