import type { Transaction } from "@tributary/database";
import { type JsonObject, parseLossless, type ResourceStore, type StoredVersion } from "@tributary/fhir";
import type { RecordSide } from "../conflict/merge/merge-resources.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import type { PushedRecord } from "./push-unit.ts";

/**
 * The body that the child's edit was made on; `undefined` when it is not known, and nothing may be guessed. Who sends the
 * very content that was deleted here has not edited it: the deletion was made on that. What was made on a deletion needs no
 * body to say so; it answers that deletion, and not another one that stands here.
 */
export async function baseOf(
  tx: Transaction,
  record: PushedRecord,
  current: StoredVersion,
  store: ResourceStore,
): Promise<RecordSide | undefined> {
  const base = await toldBaseOf(tx, record, current, store);
  const isDeletedAnew = base === "deleted" && current.operation === "delete";
  return isDeletedAnew ? undefined : base;
}

async function toldBaseOf(
  tx: Transaction,
  record: PushedRecord,
  current: StoredVersion,
  store: ResourceStore,
): Promise<RecordSide | undefined> {
  if (record.baseBody !== null && !bringsWhatItDeleted(record)) return sideOf(record.baseBody);
  if (record.baseVersion === null) {
    if (current.operation !== "delete" || record.bodyHash === null) return undefined;
    const deleted = await store.readVersion(tx, current.key, current.version - 1);
    return deleted?.bodyHash === record.bodyHash ? sideOf(record.body) : undefined;
  }
  const stored = await store.readVersion(tx, { type: record.type, id: record.id }, record.baseVersion);
  if (stored && isBase(record, stored)) return sideOf(stored.body ?? null);
  return record.baseDigest === "" ? "deleted" : undefined;
}

/** Whether the body beside a record is what it deleted, and not what it was made on: that is the agreed version. */
export function bringsWhatItDeleted({ body, baseVersion, baseDigest }: PushedRecord): boolean {
  return body === null && baseVersion !== null && baseDigest !== null;
}

/** Whether a version is the one that the child means, and not one that was written under its number after a restore. */
export function isBase({ baseDigest }: PushedRecord, { bodyHash }: StoredVersion): boolean {
  return baseDigest === null || baseDigest === (bodyHash === null ? "" : bodyDigestOf(bodyHash));
}

/** A stored text as the merge takes it; `null` is a deletion. */
export function sideOf(body: string | null): RecordSide {
  return body === null ? "deleted" : (parseLossless(body) as JsonObject);
}
