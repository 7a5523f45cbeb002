import type { Transaction } from "@tributary/database";
import { anyInQueue } from "@tributary/events";
import { keysOfCompartments, lockRecords, parseReference, type ResourceKey } from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { readLinkBases } from "../../pull/link-base.ts";
import { areParkedHere } from "../../push/parked-of-departed.ts";
import { queueOwnChangesWithin } from "../../push/queue/queue-own-changes.ts";
import { readHeldUnits, readQueuedUnits } from "../../push/queue/read-units.ts";

export interface UnsentOptions {
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** A record in a version that nobody can change before the transaction ends. */
export interface HeldVersion extends ResourceKey {
  readonly version: number;
}

/**
 * Locks what is here of a patient who has left, or of a single record by `Type/id`. Whoever is writing one of the records
 * is waited for; whoever comes later finds them gone, once they are purged.
 */
export async function lockDeparted(tx: Transaction, departed: string): Promise<HeldVersion[]> {
  const single = parseReference(departed);
  const keys = single ? [single] : await keysOfCompartments(tx, [departed]);
  const locked = await lockRecords(tx, keys, []);
  return keys.flatMap(({ type, id }) => {
    const record = locked.get(`${type}/${id}`);
    return record && (single || record.patient === departed) ? [{ type, id, version: record.version }] : [];
  });
}

/**
 * Whether the parent has yet to judge an edit of who has left, whose records are locked. An edit that has just been
 * committed counts, though it has no place in the log yet, and so does one of a child of this node that is parked here; one
 * that the parent refused does not.
 */
export async function hasUnsentEdits(
  tx: Transaction,
  departed: string,
  locked: readonly HeldVersion[],
  { parent, nodeId, clock, random }: UnsentOptions,
): Promise<boolean> {
  const single = parseReference(departed);
  const keys = single ? [single] : locked;
  const bases = await readLinkBases(tx, parent, locked);
  const ahead = locked.filter(({ type, id, version }) => version > (bases.get(`${type}/${id}`)?.localVersion ?? 0));
  // Asked before the log is read: an event that gets its place in between is met in one of the two.
  if (await anyInQueue(tx, ahead)) return true;
  if (await areParkedHere(tx, { patient: single ? undefined : departed, records: keys, now: clock.now() })) return true;
  await queueOwnChangesWithin(tx, parent, nodeId, () => newUuid(clock, random).slice(-12));
  const units = [...(await readQueuedUnits(tx, parent, Number.MAX_SAFE_INTEGER)), ...(await readHeldUnits(tx, parent))];
  const unsent = new Set(units.flatMap(({ changes }) => changes.map(({ type, id }) => `${type}/${id}`)));
  return keys.some(({ type, id }) => unsent.has(`${type}/${id}`));
}
