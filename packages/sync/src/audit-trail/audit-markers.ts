import { type ChainPlace, chainStart } from "@tributary/audit";
import { type Reader, sql, type Transaction } from "@tributary/database";

/** How far the parent has this node's own trail. */
export interface OwnMarker {
  /** The chain that is being told; `null` before its first entry was. */
  readonly chain: string | null;
  /** The place after which that chain begins. */
  readonly begins: ChainPlace;
  /** The last place that the parent has of it. */
  readonly told: ChainPlace;
}

/** How far the parent has a chain that another node told here. */
export interface RelayMarker {
  readonly position: number;
  /** How far the chain was when the parent refused it, or `null`. */
  readonly refusedAtHead: number | null;
}

interface OwnRow {
  readonly chain: string | null;
  readonly begins_after: number;
  readonly hash_before: string;
  readonly position: number;
  readonly chain_hash: string;
}

interface RelayRow {
  readonly node: string;
  readonly chain: string;
  readonly position: number;
  readonly refused_at_head: number | null;
}

const readOwn = sql(
  "select chain, begins_after, hash_before, position, chain_hash from audit_markers where parent = $1",
);
const putOwn = sql(`
  insert into audit_markers (parent, chain, begins_after, hash_before, position, chain_hash)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (parent) do update set
    chain = excluded.chain, begins_after = excluded.begins_after, hash_before = excluded.hash_before,
    position = excluded.position, chain_hash = excluded.chain_hash`);
const readRelays = sql("select node, chain, position, refused_at_head from audit_relay_markers where parent = $1");
const putRelay = sql(`
  insert into audit_relay_markers (parent, node, chain, position, refused_at_head) values ($1, $2, $3, $4, $5)
  on conflict (parent, node, chain) do update set
    position = excluded.position, refused_at_head = excluded.refused_at_head`);
const stepBack = sql(`
  update audit_relay_markers set position = position - 1, refused_at_head = null where parent = $1 and position > 0`);

/** The marker of this node's own trail; at the start of its first chain when the parent was told nothing yet. */
export async function readOwnMarker(reader: Reader, parent: string): Promise<OwnMarker> {
  const row = await reader.first<OwnRow>(readOwn, [parent]);
  if (!row) return nothingTold;
  return {
    chain: row.chain,
    begins: { position: row.begins_after, hash: row.hash_before },
    told: { position: row.position, hash: row.chain_hash },
  };
}

/** Moves the marker of the own trail, after the parent has said that it is so far. */
export async function putOwnMarker(tx: Transaction, parent: string, marker: OwnMarker): Promise<void> {
  const { chain, begins, told } = marker;
  await tx.run(putOwn, [parent, chain, begins.position, begins.hash, told.position, told.hash]);
}

/** The marker of a trail of which the parent has nothing. */
export const nothingTold = furtherChainAfter(chainStart);

/** The marker that stands at the beginning of a further chain. */
export function furtherChainAfter(place: ChainPlace): OwnMarker {
  return { chain: null, begins: place, told: place };
}

/** The markers of all chains that are passed on, by `relayName`. */
export async function readRelayMarkers(reader: Reader, parent: string): Promise<ReadonlyMap<string, RelayMarker>> {
  const rows = await reader.all<RelayRow>(readRelays, [parent]);
  return new Map(rows.map((row) => [relayName(row), { position: row.position, refusedAtHead: row.refused_at_head }]));
}

export async function putRelayMarker(
  tx: Transaction,
  parent: string,
  { node, chain }: { readonly node: string; readonly chain: string },
  { position, refusedAtHead }: RelayMarker,
): Promise<void> {
  await tx.run(putRelay, [parent, node, chain, position, refusedAtHead]);
}

/**
 * Has the last entry of every chain that was passed on told once more, since a parent that was restored may have lost it: one
 * that has it compares it, and one that has not says from where on it needs the chain. Nothing else would be told of a
 * chain that grows no more.
 */
export async function doubtRelayMarkers(tx: Transaction, parent: string): Promise<void> {
  await tx.run(stepBack, [parent]);
}

export function relayName({ node, chain }: { readonly node: string; readonly chain: string }): string {
  return `${node} ${chain}`;
}
