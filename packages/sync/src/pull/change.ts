import type { IncomingVersion } from "@tributary/fhir";
import type { TravellingRecord } from "../stream/record-batch.ts";
import { bodyDigestOf, type StreamEntry } from "../stream/stream-entry.ts";

/** One change that is to be taken in, whether its content travelled or only the news of its deletion. */
export interface Change {
  readonly incoming: IncomingVersion;
  readonly remoteVersion: number;
  readonly isDeleted: boolean;
  readonly bodyDigest: string;
  /** Whether `incoming` is the change itself, and not only its announcement. */
  readonly isComplete: boolean;
  /** Whether the parent has handed it over as what it has now. */
  readonly isCurrent: boolean;
}

/** The change that a record is which has travelled here. */
export function changeOfRecord(record: TravellingRecord): Change {
  const { type, id, body, bodyHash } = record;
  return {
    incoming: {
      key: { type, id },
      body: body ?? undefined,
      bodyHash,
      origin: { node: record.originNode, version: record.originVersion, operation: record.originOperation },
    },
    remoteVersion: record.version,
    isDeleted: body === null,
    bodyDigest: bodyHash === null ? "" : bodyDigestOf(bodyHash),
    isComplete: true,
    isCurrent: true,
  };
}

/** The change that an entry announces; whole in itself only when it is a deletion. */
export function changeOfEntry(entry: StreamEntry, parent: string): Change {
  const { type, id, version, isDeleted, bodyDigest } = entry;
  return {
    incoming: {
      key: { type, id },
      body: undefined,
      bodyHash: null,
      origin: { node: entry.originNode ?? parent, version, operation: entry.originOperation },
    },
    remoteVersion: version,
    isDeleted,
    bodyDigest,
    isComplete: isDeleted,
    isCurrent: false,
  };
}
