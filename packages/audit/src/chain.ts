import { hash } from "node:crypto";
import type { EntryRow } from "./entry-row.ts";

/**
 * The hash of one entry at its place: SHA-256 over the hash before it, the place, and every told field as JSON. Whoever
 * alters, removes, inserts or swaps an entry changes every hash after it.
 */
export function chainHashOf(previousHash: string, position: number, row: EntryRow): string {
  const told = [
    previousHash,
    position,
    row.node,
    row.at,
    row.actor,
    row.operation,
    row.reference,
    row.version_before,
    row.version_after,
    row.link,
    row.operation_id,
    row.outcome,
    row.error,
  ];
  return hash("sha256", JSON.stringify(told), "hex");
}
