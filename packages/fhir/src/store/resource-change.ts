import type { JsonObject } from "../model/json-value.ts";
import type { ResourceKey } from "../model/resource-key.ts";
import type { StoredVersion } from "./stored-version.ts";

/**
 * What must hold for a change to be made: a version number that must be current, or `"absent"` for a record that must
 * not exist (a deleted one does not). `"fresh"` is a promise instead: the id has just been made at random, so that
 * nobody need look for it.
 */
export type Expected = number | "absent" | "fresh";

/** A change that belongs to others of its transaction. */
export interface InChangeSet {
  /**
   * Names what it was made together with, when the transaction holds several such sets: each is told to readers as a
   * transaction of its own. The transaction itself when it is absent.
   */
  readonly changeSet?: string;
}

/** A record's new content, made on this node. */
export interface SaveChange extends InChangeSet {
  readonly kind: "save";
  readonly key: ResourceKey;
  /** The stored text (`toStoredText`). */
  readonly body: string;
  /** The same, parsed (`toStoredResource`). */
  readonly resource: JsonObject;
  readonly expected?: Expected;
  readonly author?: string;
}

/** A record's deletion, made on this node. */
export interface DeleteChange extends InChangeSet {
  readonly kind: "delete";
  readonly key: ResourceKey;
  readonly expected?: number;
  readonly author?: string;
}

/** One change of one record. */
export type ResourceChange = SaveChange | DeleteChange;

/** What came of one change. */
export type WriteOutcome =
  | { readonly kind: "created" | "updated" | "deleted"; readonly version: StoredVersion }
  /** The content was already the current one: nothing was written and nobody is told. */
  | { readonly kind: "unchanged"; readonly version: StoredVersion }
  /** There was nothing to delete. `version` is the earlier deletion, if there was one. */
  | { readonly kind: "absent"; readonly version: StoredVersion | undefined }
  /** What was expected does not hold; `current` is the version that is current instead, `undefined` for none. */
  | { readonly kind: "version-mismatch"; readonly current: number | undefined };

/** A version made on another node, as it arrives here. */
export interface IncomingVersion extends InChangeSet {
  readonly key: ResourceKey;
  /** The stored text, byte for byte as at its origin; `undefined` for a deletion. */
  readonly body: string | undefined;
  /** Checked against `body`. */
  readonly bodyHash: string | null;
  readonly origin: { readonly node: string; readonly version: number | null; readonly operation: string | null };
  readonly author?: string;
}

/** What came of one arriving version. `version` is the number it has on this node. */
export type ApplyOutcome = { readonly kind: "applied"; readonly version: number } | { readonly kind: "unchanged" };
