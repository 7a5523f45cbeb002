import { type Reader, sql } from "@tributary/database";
import { listDigests, type RecordDigest } from "@tributary/fhir";
import { readLinkBases } from "../pull/link-base.ts";
import { everyDigest } from "./read-parent-digests.ts";

/** The digests of some of a child's records, and which of them the parent cannot be expected to have as they are. */
export interface LocalDigests {
  readonly records: readonly RecordDigest[];
  /** By `Type/id`: edited here, and the edit has not reached the parent. */
  readonly unsent: ReadonlySet<string>;
}

const readWaiting = sql(`
  select type, id from failed_pulls where link = $1
  union all
  select type, id from held_pulls where link = $1`);

/** The digests of all records here, in steps, by type and id. */
export async function* readLocalDigests(reader: Reader, parent: string): AsyncGenerator<LocalDigests> {
  for await (const records of everyDigest(reader, listDigests)) {
    const bases = await readLinkBases(reader, parent, records);
    const unsent = records.filter((record) => {
      const base = bases.get(`${record.type}/${record.id}`);
      return base === undefined || base.differs === true || record.version > base.localVersion;
    });
    yield { records, unsent: new Set(unsent.map(({ type, id }) => `${type}/${id}`)) };
  }
}

/** The records, by `Type/id`, whose change at the parent waits here to be taken in. */
export async function readWaitingPulls(reader: Reader, parent: string): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ type: string; id: string }>(readWaiting, [parent]);
  return new Set(rows.map(({ type, id }) => `${type}/${id}`));
}
