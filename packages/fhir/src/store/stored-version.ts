import type { ResourceKey } from "../model/resource-key.ts";

/** What a version did to its record. A record that comes back after its deletion is created again. */
export type ResourceOperation = "create" | "update" | "delete";

/** One version of a record as it stands in the database. */
export interface StoredVersion {
  readonly key: ResourceKey;
  /** Counts from 1, without holes, on this node. */
  readonly version: number;
  /** Milliseconds since 1970, by this node's clock. Order rests on `version`, never on this. */
  readonly lastUpdated: number;
  readonly operation: ResourceOperation;
  /** The stored text, without `meta.versionId` and `meta.lastUpdated`; `undefined` when this version is a deletion. */
  readonly body: string | undefined;
  /** SHA-256 of the stored text, in hex. */
  readonly bodyHash: string | null;
  /** The node on which a hand wrote this content. */
  readonly originNode: string;
  /** The number that this content's version has at its origin. */
  readonly originVersion: number | null;
  /** The transaction that wrote it at its origin; all records of one transaction share it. */
  readonly originOperation: string | null;
  readonly author: string | null;
}

/** A row of `resource_version` beside the type and id of its record. */
export interface VersionRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly last_updated: number;
  readonly operation: ResourceOperation;
  readonly body: string | null;
  readonly body_hash: string | null;
  readonly origin_node: string;
  readonly origin_version: number | null;
  readonly origin_operation: string | null;
  readonly author: string | null;
  readonly version_key: number;
}

/** The columns of `VersionRow`, of a record `r` and its version `v`. */
export const versionColumns = `r.type, r.id, v.version, v.last_updated, v.operation, v.body, v.body_hash,
  v.origin_node, v.origin_version, v.origin_operation, v.author, v.version_key`;

export function storedVersionOf(row: VersionRow): StoredVersion {
  return {
    key: { type: row.type, id: row.id },
    version: row.version,
    lastUpdated: row.last_updated,
    operation: row.operation,
    body: row.body ?? undefined,
    bodyHash: row.body_hash,
    originNode: row.origin_node,
    originVersion: row.origin_version,
    originOperation: row.origin_operation,
    author: row.author,
  };
}
