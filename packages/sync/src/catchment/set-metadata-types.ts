import type { Transaction } from "@tributary/database";
import type { EventDraft, Outbox } from "@tributary/events";
import { readRecordsOfTypes, type StoredVersion } from "@tributary/fhir";
import { keepMetadataTypes, readCatchmentState } from "./catchment-state.ts";
import { metadataStream } from "./metadata-types.ts";

/** Records read from the database at a time. */
const sliceRecords = 200;

/**
 * Names the resource types that every child may have; `undefined` goes back to the usual ones. What is there of further
 * types is announced, so that it comes to the children with their next round.
 */
export async function setMetadataTypes(
  tx: Transaction,
  types: readonly string[] | undefined,
  outbox: Outbox,
): Promise<void> {
  const before = await readCatchmentState(tx);
  await keepMetadataTypes(tx, types);
  const now = await readCatchmentState(tx);
  const further = [...now.metadataTypes].filter((type) => !before.metadataTypes.has(type));
  for (let after = 0; further.length > 0; ) {
    const slice = await readRecordsOfTypes(tx, { types: further, after, limit: sliceRecords });
    for (const { stored } of slice) outbox.append(tx, draftOf(stored));
    if (slice.length < sliceRecords) break;
    after = slice.at(-1)!.place;
  }
}

/** That a record is for every child, as it is now; no change of it, which is announced as such. */
function draftOf({ key, version, operation, bodyHash, originNode, originOperation }: StoredVersion): EventDraft {
  const name = `${key.type}/${key.id}`;
  return {
    eventType: "metadata.told",
    category: "catchment",
    title: "Catchment",
    content: name,
    orderKey: name,
    streams: [metadataStream],
    entity: key,
    version,
    operation,
    originNode,
    ...(bodyHash === null ? {} : { bodyHash }),
    ...(originOperation === null ? {} : { originOperation }),
  };
}
