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
  /** Whether it is the record as the parent has it now, and not the announcement of one change. */
  readonly isCurrent: boolean;
}

/** What is to be done about one change at the parent. */
export type EntryDecision =
  /** It is here already, or something newer is. */
  | { readonly kind: "known" }
  /**
   * A later version was agreed on: either that one is announced further on, or the parent has lost it. What the parent
   * has now tells.
   */
  | { readonly kind: "doubtful" }
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
  if (base?.remoteVersion === change.version && !isAnotherUnderItsNumber(change, local, base)) return { kind: "known" };
  if (base && base.remoteVersion > change.version && !change.isCurrent) return { kind: "doubtful" };
  if (!local) return change.isDeleted ? { kind: "never-mind" } : { kind: "take" };
  if (isSameContent(change, local)) return { kind: "same-content" };
  if (isAheadOfBase(local, base)) return { kind: "edited-here" };
  return change.isDeleted ? { kind: "delete" } : { kind: "take" };
}

/** Whether the parent, restored from a copy, has given the number of the agreed version to another one. */
function isAnotherUnderItsNumber(change: RemoteChange, local: LocalRecord | undefined, base: LinkBase): boolean {
  const isAsAgreed = local !== undefined && local.version === base.localVersion && !base.differs;
  return isAsAgreed && !isSameContent(change, local);
}

function isSameContent(change: RemoteChange, local: LocalRecord): boolean {
  if (change.isDeleted || local.isDeleted) return change.isDeleted && local.isDeleted;
  return local.bodyHash !== null && bodyDigestOf(local.bodyHash) === change.bodyDigest;
}

/** Whether something here has not reached the parent: an edit of this node or of a node below it. */
function isAheadOfBase(local: LocalRecord, base: LinkBase | undefined): boolean {
  return local.version > (base?.localVersion ?? 0);
}
