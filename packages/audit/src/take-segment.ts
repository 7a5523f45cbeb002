import { bulkInsert, type Reader, sql, type Transaction } from "@tributary/database";
import { type ChainPlace, chainNameOf } from "./chain.ts";
import { draftColumns, valuesOfDraft } from "./draft-columns.ts";
import { takeEntryKeys } from "./entry-keys.ts";
import {
  addForeignChain,
  countForeignChains,
  type ForeignChain,
  lockForeignChain,
  markForeignChainBroken,
  moveForeignChain,
} from "./foreign-chains.ts";
import { segmentHashes, type TrailSegment } from "./trail-segment.ts";

/** Chains of one node that are kept: it begins a further one when it was restored or rebuilt, which is no daily matter. */
const chainsOfNodeMax = 100;
/** Chains that one link may tell of: far more than a hub has nodes below it. */
const chainsOfLinkMax = 10_000;

/** What became of a segment that was told. */
export type TakeOutcome =
  /** It is here, whether it was before or not. */
  | {
      readonly kind: "taken";
      readonly position: number;
      readonly isFurther: boolean;
    }
  /** Something is missing between what is here and the segment; `null` when nothing of the chain is here. */
  | { readonly kind: "behind"; readonly head: ChainPlace | null }
  /** It says something else about a place than what was told before, or than its own hash. */
  | { readonly kind: "broken"; readonly position: number; readonly isNew: boolean }
  /** There are too many chains already. */
  | { readonly kind: "too-many" };

const insertEntries = bulkInsert("foreign_audit_entries", {
  node: "text",
  chain: "text",
  position: "bigint",
  chain_hash: "text",
  entry_id: "bigint",
  ...draftColumns,
});
const readHashes = sql(`
  select position, chain_hash as hash from foreign_audit_entries
  where node = $1 and chain = $2 and position >= $3 and position <= $4 order by position`);

/**
 * Takes over entries that another node wrote, when they continue what is here of their chain. What is here already is
 * compared and not written again, so a segment may be told any number of times. A chain that is not here is begun when
 * the segment's first entry proves its name.
 */
export async function takeSegment(
  tx: Transaction,
  segment: TrailSegment,
  told: { readonly via: string; readonly now: number },
): Promise<TakeOutcome> {
  const { after, entries } = segment;
  const hashes = segmentHashes(segment);
  const last: ChainPlace = { position: after.position + entries.length, hash: hashes.at(-1)! };
  const here = await lockForeignChain(tx, segment.node, segment.chain);
  if (last.hash !== segment.hash) return broken(tx, here, after.position + 1, told.now);
  if (!here) return begin(tx, segment, { hashes, last, ...told });
  if (after.position > here.head.position) return { kind: "behind", head: here.head };
  const differing = await firstDifference(tx, here, after, hashes);
  if (differing !== undefined) return broken(tx, here, differing, told.now);
  if (last.position <= here.head.position) return { kind: "taken", position: last.position, isFurther: false };
  const known = here.head.position - after.position;
  const keys = await takeEntryKeys(tx, entries.length - known);
  await insert(tx, segment, { hashes, known, keys });
  await moveForeignChain(tx, here, last, told);
  return { kind: "taken", position: last.position, isFurther: false };
}

async function begin(
  tx: Transaction,
  segment: TrailSegment,
  {
    hashes,
    last,
    via,
    now,
  }: { readonly hashes: readonly string[]; readonly last: ChainPlace; readonly via: string; readonly now: number },
): Promise<TakeOutcome> {
  const { node, chain, after, entries } = segment;
  if (chain !== chainNameOf(hashes[0]!)) return { kind: "behind", head: null };
  const others = await countForeignChains(tx, { node });
  if (others >= chainsOfNodeMax || (await countForeignChains(tx, { via })) >= chainsOfLinkMax) {
    return { kind: "too-many" };
  }
  const keys = await takeEntryKeys(tx, entries.length);
  const begun = { node, chain, via, begins: after, head: last, lastToldAt: now, firstEntryId: keys[0]! };
  // Another transaction was quicker with the same chain: it is asked for again, and then found.
  if (!(await addForeignChain(tx, begun))) return { kind: "behind", head: null };
  await insert(tx, segment, { hashes, known: 0, keys });
  return { kind: "taken", position: last.position, isFurther: others > 0 };
}

async function insert(
  tx: Transaction,
  { node, chain, after, entries }: TrailSegment,
  {
    hashes,
    known,
    keys,
  }: { readonly hashes: readonly string[]; readonly known: number; readonly keys: readonly number[] },
): Promise<void> {
  const rows = entries.slice(known).map((entry, at) => {
    const index = known + at;
    return [node, chain, after.position + index + 1, hashes[index]!, keys[at]!, ...valuesOfDraft(entry)];
  });
  await insertEntries(tx, rows);
}

/** The first place at which a segment and what is here of its chain differ, the place before the segment included. */
async function firstDifference(
  reader: Reader,
  here: ForeignChain,
  after: ChainPlace,
  hashes: readonly string[],
): Promise<number | undefined> {
  if (after.position < here.begins.position) return after.position + 1;
  const stored = await reader.all<ChainPlace>(readHashes, [
    here.node,
    here.chain,
    after.position,
    after.position + hashes.length,
  ]);
  const known = after.position === here.begins.position ? [here.begins, ...stored] : stored;
  return known.find(({ position, hash }) => hash !== (hashes[position - after.position - 1] ?? after.hash))?.position;
}

async function broken(
  tx: Transaction,
  here: ForeignChain | undefined,
  position: number,
  now: number,
): Promise<TakeOutcome> {
  const isNew = here === undefined || (await markForeignChainBroken(tx, here, position, now));
  return { kind: "broken", position, isNew };
}
