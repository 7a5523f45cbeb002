import { type Database, type Reader, sql } from "@tributary/database";
import { keysOfCompartments } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import type { SnapshotManifest } from "../../bootstrap/snapshot-manifest.ts";
import { forgetSnapshot, meet, takeUpSnapshot } from "../../bootstrap/snapshot-progress.ts";
import { conflictsStream } from "../../conflict/conflict-changed.ts";
import { forgetRemoteVersions } from "../../pull/link-base.ts";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import { dropStreamMarker, putStreamMarker, readStreamMarker } from "../../pull/stream-marker.ts";
import { metadataStream } from "../metadata-types.ts";
import { metadataCompartment } from "../serve/compartment-batch.ts";
import { type CatchmentTold, parseCatchmentTold } from "../serve/told-catchment.ts";
import { askForCompartments, forgetAllFetches, readFetches } from "./compartment-fetches.ts";
import { forgetDepartures, listDepartures } from "./departures.ts";
import { forgetGuests, guestsAmong, listGuests } from "./guest-patients.ts";
import { letOthersLeave } from "./let-others-leave.ts";
import { enter, type MovementOptions } from "./receive-movements.ts";

/** More patients than any catchment has; a longer list is refused. */
const patientsMax = 2_000_000;
const departuresMax = 1_000_000;

const setStream = sql("update parent_links set stream = $2 where parent = $1");

export interface AdoptOptions extends MovementOptions {
  readonly database: Database;
  readonly connection: ParentConnection;
  /** The stream that was read until now. */
  readonly stream: string;
  /** The snapshot to begin from when so many patients are to come; `undefined` when their compartments are fetched. */
  readonly snapshotFor: (patients: number, signal: AbortSignal) => Promise<SnapshotManifest | undefined>;
  /** Done once it is known that the child does not simply go on with everything. */
  readonly beforeOthersLeave: () => Promise<void>;
}

/**
 * Takes up the catchment that the parent has assigned: asks whose records it holds and where its stream stands, has all
 * those compartments fetched, lets everybody else leave, and goes on from there with the stream. Of many patients it takes
 * up a snapshot instead, which brings the markers of its own moment. It is done at the beginning, after another
 * assignment, and when the parent's history is another one; to do it again changes nothing.
 * Returns the stream. A child that goes on with everything is left as it is.
 */
export async function adoptCatchment(options: AdoptOptions, signal: AbortSignal): Promise<string> {
  const { database, parent, stream } = options;
  const { told, patients, suspended } = await askCatchment(options.connection, signal);
  if (told.isEverything && told.stream === stream) return stream;
  await options.beforeOthersLeave();
  const manifest = told.isEverything ? undefined : await options.snapshotFor(patients.size, signal);
  // Another catchment may have been assigned while the snapshot was made; the stream tells so in a moment.
  const isBySnapshot = manifest?.stream === told.stream;
  const now = options.clock.now();
  await database.transaction(async (tx) => {
    const before = await readStreamMarker(tx, parent, stream);
    await tx.run(setStream, [parent, told.stream]);
    // Before the fetches are forgotten: whose compartment was asked for is known to the parent.
    if (!told.isEverything) await letOthersLeave(tx, new Set([...patients, ...suspended]), options);
    const guests = await guestsUnfetched(tx, parent);
    await forgetAllFetches(tx, parent);
    await forgetSnapshot(tx, parent);
    // Under the same name the conflicts of another catchment are served now.
    await dropStreamMarker(tx, parent, conflictsStream);
    if (told.isEverything) {
      await forgetRemoteVersions(tx, parent);
      await dropStreamMarker(tx, parent, told.stream);
      await forgetDepartures(
        tx,
        (await listDepartures(tx, departuresMax)).map(({ patient }) => patient),
      );
      await forgetGuests(
        tx,
        (await listGuests(tx, departuresMax)).map(({ patient }) => patient),
      );
      return;
    }
    if (before && before.epoch !== told.start.epoch) await forgetRemoteVersions(tx, parent);
    const starts = [
      [told.stream, told.start],
      [metadataStream, told.metadataStart],
    ] as const;
    for (const [name, start] of starts) {
      if (!isBySnapshot) await putStreamMarker(tx, parent, name, { ...start, head: start.position }, now);
      else await dropStreamMarker(tx, parent, name);
    }
    if (isBySnapshot) {
      await takeUpSnapshot(tx, parent, manifest, now);
      await meet(tx, parent, await keysOfCompartments(tx, [...suspended]));
    } else await enter(tx, [metadataCompartment, ...patients], options);
    await askForCompartments(
      tx,
      parent,
      guests.filter((patient) => !patients.has(patient)),
      now,
    );
  });
  return told.stream;
}

/** Guests of whom not all has come; they stay guests, and are fetched anew where the history may be another one. */
async function guestsUnfetched(reader: Reader, parent: string): Promise<string[]> {
  const fetched = (await readFetches(reader, parent, patientsMax)).map(({ patient }) => patient);
  return [...(await guestsAmong(reader, fetched))];
}

async function askCatchment(
  connection: ParentConnection,
  signal: AbortSignal,
): Promise<{
  readonly told: CatchmentTold;
  readonly patients: ReadonlySet<string>;
  readonly suspended: ReadonlySet<string>;
}> {
  const patients = new Set<string>();
  const suspended = new Set<string>();
  let first: CatchmentTold | undefined;
  for (let after: string | null = null; ; ) {
    const answer = await connection.ask("catchment", { body: JSON.stringify({ after }) }, "application/json", signal);
    const told = parseCatchmentTold(new TextDecoder().decode(answer.body));
    // The stream is read from where it stood before the first patients were told: who comes in later is in it.
    first ??= told;
    // Of a part of the list whoever is in the other part would leave.
    if (told.stream !== first.stream || patients.size + suspended.size > patientsMax) throw notWhole();
    if (told.isEverything) return { told, patients, suspended };
    for (const patient of told.patients) patients.add(patient);
    for (const patient of told.suspended ?? []) suspended.add(patient);
    if (told.next === undefined) return { told: first, patients, suspended };
    after = told.next;
  }
}

function notWhole(): TributaryError {
  return new TributaryError("REMOTE_NONSENSE", "The list of the catchment's patients is not one whole list.", {
    retryable: true,
  });
}
