import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { LinkBase } from "./link-base.ts";

/** What is known here of the record that an entry or a travelling record is about. */
export interface LocalRecord {
  readonly version: number;
  readonly isDeleted: boolean;
  readonly bodyHash: string | null;
}

/** What the parent says of a record. */
export interface RemoteChange {
  readonly version: number;
  readonly isDeleted: boolean;
  /** As a stream entry carries it; empty for a deletion. */
  readonly bodyDigest: string;
}

/** What is to be done about one change at the parent. */
export type EntryDecision =
  /** It is here already, or something newer is. */
  | { readonly kind: "known" }
  /** The same content is here without the parent's version being known: only the base is to be noted. */
  | { readonly kind: "same-content" }
  /** The record was never here, and is gone there. */
  | { readonly kind: "never-mind" }
  /** The content is needed. */
  | { readonly kind: "take" }
  /** It is to be deleted here too. */
  | { readonly kind: "delete" }
  /** It was edited here or below and that edit has not reached the parent: taking the change would hide it. */
  | { readonly kind: "edited-here" };

/** Decides what a change at the parent means for a child, from what both have; pure, and the same however often it is asked. */
export function decideEntry(
  change: RemoteChange,
  local: LocalRecord | undefined,
  base: LinkBase | undefined,
): EntryDecision {
  if (base && base.remoteVersion >= change.version) return { kind: "known" };
  if (!local) return change.isDeleted ? { kind: "never-mind" } : { kind: "take" };
  if (isSameContent(change, local)) return { kind: "same-content" };
  if (isAheadOfBase(local, base)) return { kind: "edited-here" };
  return change.isDeleted ? { kind: "delete" } : { kind: "take" };
}

function isSameContent(change: RemoteChange, local: LocalRecord): boolean {
  if (change.isDeleted || local.isDeleted) return change.isDeleted && local.isDeleted;
  return local.bodyHash !== null && bodyDigestOf(local.bodyHash) === change.bodyDigest;
}

/** Whether something here has not reached the parent: an edit of this node or of a node below it. */
function isAheadOfBase(local: LocalRecord, base: LinkBase | undefined): boolean {
  return local.version > (base?.localVersion ?? 0);
}
