import { hash } from "node:crypto";
import type { AuditDraft } from "./audit-entry.ts";

/** A place in a chain: how far it goes, and the hash that stands for everything up to there. */
export interface ChainPlace {
  readonly position: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** Where every node's first chain begins. */
export const chainStart: ChainPlace = { position: 0, hash: "0".repeat(64) };

/** The digits of a hash that name a chain: enough that no node has two of one name. */
const chainNameDigits = 16;

/**
 * The hash of one entry at its place: SHA-256 over the hash before it, the place, and every told field as JSON. Whoever
 * alters, removes, inserts or swaps an entry changes every hash after it.
 */
export function chainHashOf(previousHash: string, position: number, node: string, told: AuditDraft): string {
  const content = [
    previousHash,
    position,
    node,
    told.at,
    told.actor,
    told.operation,
    told.reference,
    told.versionBefore,
    told.versionAfter,
    told.link,
    told.operationId,
    told.outcome,
    told.error,
  ];
  return hash("sha256", JSON.stringify(content), "hex");
}

/** The name of the chain that begins with the entry of this hash; a chain that begins otherwise has another name. */
export function chainNameOf(firstHash: string): string {
  return firstHash.slice(0, chainNameDigits);
}
