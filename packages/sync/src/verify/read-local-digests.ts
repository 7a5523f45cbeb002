import { type Reader, sql } from "@tributary/database";
import { listDigests, patientsOfRecords, type RecordDigest, referenceTo } from "@tributary/fhir";
import { departedAmong } from "../catchment/follow/departures.ts";
import { guestsAmong } from "../catchment/follow/guest-patients.ts";
import { type LinkBase, readLinkBases } from "../pull/link-base.ts";
import { everyDigest } from "./read-parent-digests.ts";

/** The digests of some of a child's records, and which of them the parent cannot be expected to have as they are. */
export interface LocalDigests {
  readonly records: readonly RecordDigest[];
  /** By `Type/id`: edited here, and the edit has not reached the parent. */
  readonly unsent: ReadonlySet<string>;
  /** By `Type/id`: here and none of the catchment's, such as a guest's or of who has left, so that no parent lists them. */
  readonly outside: ReadonlySet<string>;
}

const readWaiting = sql(`
  select type, id from failed_pulls where link = $1
  union all
  select type, id from held_pulls where link = $1`);

/** The digests of all records here, in steps, by type and id. `suspended` are patients whom the parent does not list now. */
export async function* readLocalDigests(
  reader: Reader,
  parent: string,
  suspended: ReadonlySet<string>,
): AsyncGenerator<LocalDigests> {
  for await (const records of everyDigest(reader, listDigests)) {
    const bases = await readLinkBases(reader, parent, records);
    const unsent = records.filter((record) => {
      const base = bases.get(referenceTo(record));
      return base === undefined || base.differs === true || record.version > base.localVersion;
    });
    const outside = await outsideAmong(reader, records, bases, suspended);
    yield { records, unsent: new Set(unsent.map(referenceTo)), outside };
  }
}

async function outsideAmong(
  reader: Reader,
  records: readonly RecordDigest[],
  bases: ReadonlyMap<string, LinkBase>,
  suspended: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const patients = await patientsOfRecords(reader, records);
  const named = [...new Set([...patients.values()].filter((patient) => patient !== null))];
  const guests = await guestsAmong(reader, named);
  const departed = await departedAmong(reader, [...named, ...records.map(referenceTo)]);
  const isOutside = (name: string) => {
    const patient = patients.get(name) ?? "";
    return (
      bases.get(name)?.isOutside === true ||
      departed.has(name) ||
      [guests, departed, suspended].some((some) => some.has(patient))
    );
  };
  return new Set(records.map(referenceTo).filter(isOutside));
}

/** The records, by `Type/id`, whose change at the parent waits here to be taken in. */
export async function readWaitingPulls(reader: Reader, parent: string): Promise<ReadonlySet<string>> {
  const rows = await reader.all<{ type: string; id: string }>(readWaiting, [parent]);
  return new Set(rows.map(({ type, id }) => `${type}/${id}`));
}
