import type { AuditDraft } from "./audit-entry.ts";
import { type ChainPlace, chainHashOf } from "./chain.ts";

/** Consecutive entries of one chain of one node, as they travel: whoever has the place before them can verify them. */
export interface TrailSegment {
  /** The node that wrote them. */
  readonly node: string;
  /** The chain's name, which its first entry proves. */
  readonly chain: string;
  /** The place that the first of them follows. */
  readonly after: ChainPlace;
  /** At least one. */
  readonly entries: readonly AuditDraft[];
  /** The hash of the last of them, as its author sealed it. */
  readonly hash: string;
}

/** The hash of each entry of a segment, made anew from what the segment tells. */
export function segmentHashes({ node, after, entries }: TrailSegment): string[] {
  const hashes: string[] = [];
  let { position, hash } = after;
  for (const entry of entries) {
    position += 1;
    hash = chainHashOf(hash, position, node, entry);
    hashes.push(hash);
  }
  return hashes;
}
