import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database, Transaction } from "@tributary/database";
import { parseReference, purgeRecords } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import type { SnapshotShelf } from "../../bootstrap/snapshot-shelf.ts";
import { forgetConflict } from "../../conflict/change-conflict.ts";
import { listConflictsOf } from "../../conflict/conflicts.ts";
import { forgetFailedPulls } from "../../pull/failed-pulls.ts";
import { dropLinkBases } from "../../pull/link-base.ts";
import { forgetMergedBodies } from "../../push/forget-merged-bodies.ts";
import { strikeFromRefused } from "../../push/queue/strike-records.ts";
import { forgetFetches } from "./compartment-fetches.ts";
import {
  type Departure,
  dueDepartures,
  isStillLeaving,
  noteTraceless,
  putDepartures,
  tracedDepartures,
} from "./departures.ts";
import { forgetGuests, guestsOverdue } from "./guest-patients.ts";
import { hasUnsentEdits, lockDeparted, type UnsentOptions } from "./unsent-edits.ts";

/** Patients purged in one round; the rest follows in the next. */
const purgedPerRound = 5_000;

/** Lets a node that is a parent itself have its own children told. */
export interface LeavesCatchments {
  leaveAll(tx: Transaction, patient: string, reason: string): Promise<void>;
}

export interface PurgeOptions extends UnsentOptions {
  readonly database: Database;
  readonly memberships?: LeavesCatchments | undefined;
  /** The snapshots for this node's own children, when it has any. */
  readonly shelf?: Pick<SnapshotShelf, "forgetPatients"> | undefined;
}

/**
 * Purges whoever left the catchment and is due, guests whose time is over included: every version, the search index, the
 * bases, the conflicts, what the parent refused of them, the verdicts and snapshots for this node's own children, and what the database's files still hold of
 * them. Nobody is told of a deletion.
 *
 * Who has an edit that the parent has no verdict on stays until it has. Returns how many were purged.
 */
export async function purgeDeparted(options: PurgeOptions): Promise<number> {
  const { database, clock } = options;
  const now = clock.now();
  const over = (await guestsOverdue(database, now, purgedPerRound)).map(({ patient }) => patient);
  if (over.length > 0) {
    await database.transaction(async (tx) => {
      await forgetGuests(tx, over);
      await putDepartures(
        tx,
        over.map((patient) => ({ patient, departedAt: now, purgeAt: now, state: "leaving" })),
      );
    });
  }
  let purged = 0;
  for (const departure of await dueDepartures(database, now, purgedPerRound)) {
    if (await database.transaction((tx) => purgeOne(tx, departure, options))) purged += 1;
  }
  // Also those whose purge a process did not survive, and those whose files somebody was reading.
  const traced = await tracedDepartures(database, purgedPerRound);
  if (traced.length > 0) {
    await options.shelf?.forgetPatients(traced);
    if (await database.scrub()) await database.transaction((tx) => noteTraceless(tx, traced));
  }
  return purged;
}

async function purgeOne(tx: Transaction, { patient, departedAt }: Departure, options: PurgeOptions): Promise<boolean> {
  const { nodeId, parent, clock, random, memberships } = options;
  const single = parseReference(patient);
  const locked = await lockDeparted(tx, patient);
  const keys = single ? [single] : locked;
  if (!(await isStillLeaving(tx, patient))) return false;
  if (await hasUnsentEdits(tx, patient, locked, options)) return false;
  // Of a patient whose records never came there may be a conflict all the same.
  for (const key of single ? keys : [...keys, { type: "Patient", id: patient }]) {
    for (const conflict of await listConflictsOf(tx, key.type, key.id)) await forgetConflict(tx, conflict);
  }
  await forgetMergedBodies(tx, keys);
  await purgeRecords(tx, keys);
  await forgetFetches(tx, parent, [patient]);
  await dropLinkBases(tx, parent, keys);
  await forgetFailedPulls(tx, parent, keys);
  await strikeFromRefused(tx, parent, keys);
  await putDepartures(tx, [{ patient, departedAt, purgeAt: clock.now(), state: "gone" }]);
  if (!single) await memberships?.leaveAll(tx, patient, "purged here");
  await appendAudit(tx, nodeId, [
    auditDraft({
      at: clock.now(),
      actor: nodeId,
      operation: "pull",
      reference: single ? patient : `Patient/${patient}`,
      link: parent,
      operationId: newUuid(clock, random),
      outcome: "purged",
    }),
  ]);
  return true;
}
