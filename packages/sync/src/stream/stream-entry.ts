import { hash } from "node:crypto";
import type { NamedPlace } from "./stream-place.ts";

/** What a stream says of one change: which record, which version, and where it was made. Never its content. */
export interface StreamEntry {
  /** Gapless place in the stream, from 1. */
  readonly position: number;
  readonly type: string;
  readonly id: string;
  /** The version at the parent that this change made. */
  readonly version: number;
  readonly isDeleted: boolean;
  /** First 16 bytes of the body's SHA-256 in base64url; empty for a deletion. */
  readonly bodyDigest: string;
  /** The node on which the change was made, and the name of the operation there if it has one. */
  readonly originNode: string | null;
  readonly originOperation: string | null;
  /** What must stay in order with it, the patient by default. */
  readonly orderKey: string | null;
  /** The parent's transaction, so that changes made together can be told. */
  readonly transaction: string | null;
  /**
   * Set when the entry is about no change: a patient comes into the catchment with all records, or goes out of it; a
   * record goes out alone when it is another patient's now.
   */
  readonly movement?: "enter" | "exit";
  /** Where the stream ended when the parent said that it has no such record; told by no stream. */
  readonly readAt?: NamedPlace | undefined;
}

/** An entry about a record that is asked for by its name, without having been announced. */
export function entryAbout({ type, id }: Pick<StreamEntry, "type" | "id">, version = 1): StreamEntry {
  return {
    position: 0,
    type,
    id,
    version,
    isDeleted: false,
    bodyDigest: "",
    originNode: null,
    originOperation: null,
    orderKey: null,
    transaction: null,
  };
}

/** Shortens a body's SHA-256 (64 hexadecimal digits) to what a stream entry carries. */
export function bodyDigestOf(bodyHash: string): string {
  return Buffer.from(bodyHash.slice(0, 32), "hex").toString("base64url");
}

/**
 * A fingerprint of one entry at its place, which both ends compute. A marker keeps that of the last entry it passed: if
 * the parent now has another entry there, its history is not the one that was read. The transaction is part of it, since the
 * same change may come to the same place again in another history.
 */
export function entryDigestOf(entry: StreamEntry): string {
  const told: unknown[] = [entry.position, entry.type, entry.id, entry.version, entry.bodyDigest, entry.transaction];
  if (entry.movement) told.push(entry.movement);
  return hash("sha256", JSON.stringify(told), "base64url").slice(0, 22);
}
