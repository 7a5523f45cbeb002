import type { Reader } from "@tributary/database";
import { type EventRecord, readRecordsAfter } from "@tributary/events";
import { type JsonObject, readCurrentVersions } from "@tributary/fhir";
import { readLinkBases } from "../../pull/link-base.ts";
import { literalReferences } from "../literal-references.ts";
import type { OwnChange } from "./gather-units.ts";
import { readPushPosition } from "./push-marker.ts";

/** Log records looked at in one step; what one transaction changed is never torn, however many that are. */
const recordsPerStep = 2_000;

/** A stretch of the log: the own changes in it, and where it ends. */
interface OwnStretch {
  readonly changes: readonly OwnChange[];
  readonly end: number;
}

/** The own changes next behind a position, whole transactions of them; `undefined` at the log's end. */
export async function readOwnStretch(
  reader: Reader,
  parent: string,
  position: number,
): Promise<OwnStretch | undefined> {
  const records = wholeTransactions(await readRecordsAfter(reader, position, recordsPerStep));
  const last = records.at(-1);
  if (!last) return undefined;
  return { changes: await withReferences(reader, await changesToPush(reader, parent, records)), end: last.position };
}

/** The changes that the next push will queue, in the order in which they were made. It takes nothing into the queue. */
export async function readChangesToQueue(reader: Reader, parent: string): Promise<OwnChange[]> {
  const changes: OwnChange[] = [];
  let position = await readPushPosition(reader, parent);
  for (;;) {
    const records = await readRecordsAfter(reader, position, recordsPerStep);
    changes.push(...(await changesToPush(reader, parent, records)));
    if (records.length < recordsPerStep) return changes;
    position = records.at(-1)!.position;
  }
}

/** Notes with each change what it refers to, so that units can be put in order without their content. */
export async function withReferences(reader: Reader, changes: readonly OwnChange[]): Promise<readonly OwnChange[]> {
  const current = await readCurrentVersions(reader, changes);
  return changes.map((change) => {
    const stored = current.get(`${change.type}/${change.id}`);
    if (stored?.body === undefined || stored.version !== change.version) return change;
    const refersTo = literalReferences(JSON.parse(stored.body) as JsonObject);
    return refersTo.size === 0 ? change : { ...change, refersTo: [...refersTo] };
  });
}

/**
 * What the parent does not have: every version behind the link's base, wherever it was made. What came from the parent
 * has its base since the transaction that took it in, so it is never among them.
 */
async function changesToPush(
  reader: Reader,
  parent: string,
  records: readonly EventRecord[],
): Promise<readonly OwnChange[]> {
  const changes = records.flatMap(changeOf);
  const bases = await readLinkBases(reader, parent, changes);
  return changes.filter(({ type, id, version }) => version > (bases.get(`${type}/${id}`)?.localVersion ?? 0));
}

/** Events about other things than records, such as conflicts, are no changes to push. */
function changeOf(record: EventRecord): OwnChange[] {
  const { eventType, entityType: type, entityId: id, version, transactionId: transaction } = record;
  if (!eventType?.startsWith("resource.")) return [];
  if (type === null || id === null || version === null || transaction === null) return [];
  return [{ type, id, version, transaction }];
}

/** Leaves out the last transaction when more of it may follow, unless it is all there is. */
function wholeTransactions(records: readonly EventRecord[]): readonly EventRecord[] {
  if (records.length < recordsPerStep) return records;
  const torn = records.at(-1)!.transactionId;
  const tornAt = records.findIndex(({ transactionId }) => transactionId === torn);
  return tornAt > 0 ? records.slice(0, tornAt) : records;
}
