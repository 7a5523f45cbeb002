import { type Reader, sql, type Transaction } from "@tributary/database";
import type { ChainPlace } from "./chain.ts";

/** A chain of another node's entries, as far as it was told here. */
export interface ForeignChain {
  readonly node: string;
  readonly chain: string;
  /** The child over whose link it last came. */
  readonly via: string;
  /** The place that its first entry here follows; position 0 when it is here from its beginning. */
  readonly begins: ChainPlace;
  /** How far it is here. */
  readonly head: ChainPlace;
  /** When it was last told, by this node's clock. */
  readonly lastToldAt: number;
  /** The key of its first entry, which orders chains by their arrival. */
  readonly firstEntryId: number;
  /** When and where something else was told than what is here; `null` when nothing was, or it was acknowledged. */
  readonly broken: { readonly at: number; readonly position: number } | null;
}

interface ChainRow {
  readonly node: string;
  readonly chain: string;
  readonly via: string;
  readonly begins_after: number;
  readonly hash_before: string;
  readonly position: number;
  readonly chain_hash: string;
  readonly last_told_at: number;
  readonly first_entry_id: number;
  readonly broken_at: number | null;
  readonly broken_position: number | null;
}

const columns = `node, chain, via, begins_after, hash_before, position, chain_hash, last_told_at, first_entry_id,
  broken_at, broken_position`;
const readAll = sql(`select ${columns} from foreign_audit_chains order by node, first_entry_id`);
const lockOne = sql({
  sqlite: `select ${columns} from foreign_audit_chains where node = $1 and chain = $2`,
  postgres: `select ${columns} from foreign_audit_chains where node = $1 and chain = $2 for update`,
});
const insertOne = sql(`
  insert into foreign_audit_chains
    (node, chain, via, begins_after, hash_before, position, chain_hash, last_told_at, first_entry_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (node, chain) do nothing`);
const moveHead = sql(`
  update foreign_audit_chains set position = $3, chain_hash = $4, via = $5, last_told_at = $6
  where node = $1 and chain = $2`);
const markBroken = sql(`
  update foreign_audit_chains set broken_at = $3, broken_position = $4
  where node = $1 and chain = $2 and (broken_position is null or broken_position <> $4)`);
const acknowledge = sql("update foreign_audit_chains set broken_at = null where node = $1 and broken_at is not null");
const countOfNode = sql("select count(*) as found from foreign_audit_chains where node = $1");
const countVia = sql("select count(*) as found from foreign_audit_chains where via = $1");

/** Every chain that other nodes told, by node, the earliest first. */
export async function listForeignChains(reader: Reader): Promise<ForeignChain[]> {
  return (await reader.all<ChainRow>(readAll)).map(chainOf);
}

/** One chain, kept from other transactions until this one ends. */
export async function lockForeignChain(
  tx: Transaction,
  node: string,
  chain: string,
): Promise<ForeignChain | undefined> {
  const row = await tx.first<ChainRow>(lockOne, [node, chain]);
  return row && chainOf(row);
}

/** Keeps a chain that was not here; tells whether it was this transaction that did. */
export async function addForeignChain(tx: Transaction, chain: Omit<ForeignChain, "broken">): Promise<boolean> {
  const { node, chain: name, via, begins, head, lastToldAt, firstEntryId } = chain;
  const places = [begins.position, begins.hash, head.position, head.hash];
  return (await tx.run(insertOne, [node, name, via, ...places, lastToldAt, firstEntryId])) === 1;
}

/** Moves a chain's head, in the transaction that inserts the entries up to there. */
export async function moveForeignChain(
  tx: Transaction,
  { node, chain }: ForeignChain,
  head: ChainPlace,
  { via, now }: { readonly via: string; readonly now: number },
): Promise<void> {
  await tx.run(moveHead, [node, chain, head.position, head.hash, via, now]);
}

/** Notes that something else was told; `false` when the same was noted before. */
export async function markForeignChainBroken(
  tx: Transaction,
  { node, chain }: ForeignChain,
  position: number,
  now: number,
): Promise<boolean> {
  return (await tx.run(markBroken, [node, chain, now, position])) === 1;
}

/** Ends the warning about a node's chains, once somebody has looked; tells how many there were. */
export async function acknowledgeBrokenChains(tx: Transaction, node: string): Promise<number> {
  return tx.run(acknowledge, [node]);
}

export async function countForeignChains(
  reader: Reader,
  of: { readonly node: string } | { readonly via: string },
): Promise<number> {
  const row = await ("node" in of
    ? reader.first<{ found: number }>(countOfNode, [of.node])
    : reader.first<{ found: number }>(countVia, [of.via]));
  return Number(row?.found ?? 0);
}

function chainOf(row: ChainRow): ForeignChain {
  return {
    node: row.node,
    chain: row.chain,
    via: row.via,
    begins: { position: row.begins_after, hash: row.hash_before },
    head: { position: row.position, hash: row.chain_hash },
    lastToldAt: row.last_told_at,
    firstEntryId: row.first_entry_id,
    broken: row.broken_at === null ? null : { at: row.broken_at, position: row.broken_position ?? 0 },
  };
}
