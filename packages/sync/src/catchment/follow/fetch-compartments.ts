import type { Database } from "@tributary/database";
import { patientOf } from "@tributary/fhir";
import { type Clock, TributaryError } from "@tributary/kernel";
import { batchBytesFirst, nextBatchBytes } from "../../pull/batch-size.ts";
import type { LocalTarget } from "../../pull/local-target.ts";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import type { ParentSource } from "../../pull/parent-source.ts";
import { noteStreamEnds } from "../../pull/seen-places.ts";
import { withWhatTheyNeed } from "../../replicate.ts";
import type { TravellingRecord } from "../../stream/record-batch.ts";
import { parseStreamEnds, streamEndHeader } from "../../stream/stream-end.ts";
import { entryAbout, type StreamEntry } from "../../stream/stream-entry.ts";
import {
  type CompartmentBatch,
  type CompartmentPlace,
  compartmentBatchType,
  compartmentsMax,
  metadataCompartment,
  parseCompartmentBatch,
} from "../serve/compartment-batch.ts";
import { areStillAt, type CompartmentFetch, forgetFetches, moveFetch, readFetches } from "./compartment-fetches.ts";
import { forgetGathered, gather, readGathered, sizeOfGathered } from "./gathered-records.ts";
import { whatDidNotCome } from "./what-did-not-come.ts";

/** A larger compartment is taken in in parts, so that a transaction stays bounded: the bounds of a pull's groups. */
const wholeRecordsMax = 4_000;
const wholeLengthMax = 32 * 1024 * 1024;

export interface FetchOptions {
  readonly database: Database;
  readonly parent: string;
  readonly connection: ParentConnection;
  /** The parent, for what compartments refer to and do not hold. */
  readonly source: ParentSource;
  readonly target: LocalTarget;
  readonly clock: Clock;
}

/**
 * Fetches the compartments of those who came into the catchment, as many at a time as suit the line. Each has a marker of
 * its own that moves with its records, so that it can be broken off anywhere; the stream has gone on before it.
 *
 * A compartment is there all at once: what comes of it before its end is kept apart, and taken in together with the rest,
 * with what has changed since, and with what it refers to and was never here. A larger one is taken in in parts that each
 * bring what they refer to, and so is what belongs to no patient. What was here of the patient and is another one's by now
 * leaves with the end of the compartment.
 */
export async function fetchCompartments(options: FetchOptions, signal: AbortSignal): Promise<void> {
  const { database, parent, connection, clock } = options;
  for (let maxBytes = batchBytesFirst; ; ) {
    signal.throwIfAborted();
    const fetches = await readFetches(database, parent, compartmentsMax);
    if (fetches.length === 0) return;
    const startedAt = clock.now();
    const body = JSON.stringify({ maxBytes, patients: fetches.map(({ patient, place }) => [patient, place]) });
    const answer = await connection.ask("compartments/read", { body }, compartmentBatchType, signal);
    const batch = parseCompartmentBatch(answer.body, parseStreamEnds(answer.headers[streamEndHeader]));
    const asked = new Set(fetches.map(({ patient }) => patient));
    if (batch.places.length === 0 || !batch.places.every(({ patient }) => asked.has(patient))) {
      throw new TributaryError("REMOTE_NONSENSE", "The parent answered none of the patients asked for.", {
        retryable: true,
      });
    }
    maxBytes = nextBatchBytes(maxBytes, { tookMs: Math.abs(clock.now() - startedAt) });
    const answered = fetches.filter((one) => batch.places.some(({ patient }) => patient === one.patient));
    await takeAnswer(batch, answered, options, signal);
  }
}

async function takeAnswer(
  batch: CompartmentBatch,
  asked: readonly CompartmentFetch[],
  options: FetchOptions,
  signal: AbortSignal,
): Promise<void> {
  const { database, parent, source, target } = options;
  const { places } = batch;
  const { own, others } = partsOf(batch);
  const full: string[] = [];
  for (const [patient, records] of own) if (await isTooMuch(patient, records, options)) full.push(patient);
  const taken = [...places.filter(({ next }) => next === null).map(({ patient }) => patient), ...full];
  const gathered = await readGathered(database, parent, taken);
  const changed = gathered.filter(({ record }) => record === undefined);
  const again = await readAgain(changed, source, signal);
  const whole = new Map<string, TravellingRecord>();
  const all = [
    ...gathered.map(({ record }) => record),
    ...others,
    ...full.flatMap((patient) => own.get(patient) ?? []),
    ...again.contents,
  ];
  for (const record of all) if (record) whole.set(nameOf(record), record);
  for (const name of again.missing.map(nameOf)) whole.delete(name);
  const ended = { parent, patients: endedOf(places), came: whole };
  const { contents: kept, exits } = await whatDidNotCome(database, ended, { source, target }, signal);
  for (const record of kept) whole.set(nameOf(record), record);
  const contents = await withWhatTheyNeed(source, target, [...whole.values()], signal);
  const read = new Set(changed.map(nameOf));
  try {
    await target.apply({ contents, missing: again.missing, settled: exits, through: undefined }, async (tx) => {
      if (!(await areStillAt(tx, parent, asked))) throw new ChangedMeanwhile();
      const now = await readGathered(tx, parent, taken);
      if (now.some((one) => one.record === undefined && !read.has(nameOf(one)))) throw new ChangedMeanwhile();
      for (const readAt of batch.readAt) await noteStreamEnds(tx, parent, [{ readAt }]);
      await forgetGathered(tx, parent, full);
      await forgetFetches(tx, parent, endedOf(places));
      for (const { patient, next } of places) {
        if (next === null) continue;
        await moveFetch(tx, parent, patient, next);
        if (!full.includes(patient)) await gather(tx, parent, patient, own.get(patient) ?? []);
      }
    });
  } catch (error) {
    // Another program over the same database has gone on with it, or knows of who left or what changed: it is asked anew.
    if (!(error instanceof ChangedMeanwhile)) throw error;
  }
}

class ChangedMeanwhile extends Error {
  override readonly name = "ChangedMeanwhile";
}

/**
 * The records of each patient whose compartment goes on behind the answer, and all others. Nothing in a deletion tells
 * whose it was; it is none of a patient's that have to wait.
 */
function partsOf({ places, records }: CompartmentBatch) {
  const own = new Map<string, TravellingRecord[]>();
  for (const { patient, next } of places) if (next !== null && patient !== metadataCompartment) own.set(patient, []);
  const goingOn = [...own.keys()];
  const others: TravellingRecord[] = [];
  for (const record of records) {
    const { body } = record;
    const isCandidate = body !== null && goingOn.some((patient) => body.includes(patient));
    const patient = isCandidate ? patientOf(JSON.parse(body) as object) : null;
    (own.get(patient ?? "") ?? others).push(record);
  }
  return { own, others };
}

async function isTooMuch(
  patient: string,
  records: readonly TravellingRecord[],
  { database, parent }: FetchOptions,
): Promise<boolean> {
  const before = await sizeOfGathered(database, parent, patient);
  const length = records.reduce((sum, { body }) => sum + (body?.length ?? 0), before.length);
  return before.records + records.length > wholeRecordsMax || length > wholeLengthMax;
}

async function readAgain(
  changed: readonly { readonly type: string; readonly id: string }[],
  source: ParentSource,
  signal: AbortSignal,
) {
  const contents: TravellingRecord[] = [];
  const missing: StreamEntry[] = [];
  const entries = changed.map((key) => entryAbout(key));
  for await (const fetched of source.fetch(entries, signal)) {
    contents.push(...fetched.contents);
    missing.push(...fetched.missing);
  }
  return { contents, missing };
}

function endedOf(places: readonly CompartmentPlace[]): string[] {
  return places.filter(({ next }) => next === null).map(({ patient }) => patient);
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}
