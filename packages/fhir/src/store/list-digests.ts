import { type Reader, sql } from "@tributary/database";
import type { ResourceKey } from "../model/resource-key.ts";

/** What is needed of a record in order to compare it with another node's. */
export interface RecordDigest extends ResourceKey {
  readonly version: number;
  /** SHA-256 of the stored text, in hex. */
  readonly bodyHash: string;
}

const readSome = sql(`
  select r.type, r.id, r.version, v.body_hash as "bodyHash"
  from resource r join resource_version v on v.resource_key = r.resource_key and v.version = r.version
  where r.is_deleted = 0 and (r.type, r.id) > ($1, $2)
  order by r.type, r.id
  limit $3`);

/** The digests of the records that exist, by type and id byte by byte, at most `limit` of them behind a key. */
export function listDigests(reader: Reader, after: ResourceKey | undefined, limit: number): Promise<RecordDigest[]> {
  return reader.all<RecordDigest>(readSome, [after?.type ?? "", after?.id ?? "", limit]);
}
