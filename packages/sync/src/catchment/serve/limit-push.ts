import { receivedOver } from "@tributary/audit";
import type { Database, Reader, Transaction } from "@tributary/database";
import { findBodies, patientsOfRecords, type ResourceKey, referenceTo } from "@tributary/fhir";
import type { PushedRecord, PushUnit, UnitVerdict } from "../../push/push-unit.ts";
import { readCatchmentState } from "../catchment-state.ts";
import { membershipsOf } from "../members.ts";
import { visibilityOf } from "../visibility.ts";
import { patientsEverHad } from "./patients-ever-had.ts";

/**
 * Why a child may not push units, by unit; those that it may push are absent. New records are always taken, and so are
 * edits of patients whom the child has or once had, as member or as guest, or who came here first through it, of
 * records of no patient that came through it, and of whatever it proves to have had: what was written at a bedside is kept, also when it comes late.
 */
export async function reasonsNotToTake(
  reader: Reader,
  child: string,
  units: readonly PushUnit[],
): Promise<ReadonlyMap<PushUnit, string>> {
  if (units.length === 0) return new Map();
  const visibility = await visibilityOf(reader, child);
  if (visibility.isEverything) return new Map();
  const { catchment } = visibility;
  if (catchment === undefined) {
    return new Map(units.map((unit) => [unit, "No catchment has been assigned to this node yet."]));
  }
  const { metadataTypes } = await readCatchmentState(reader);
  const records = units.flatMap((unit) => unit.records);
  const patients = await patientsOfRecords(reader, records);
  const had = await patientsEverHad(reader, child, catchment, [...new Set(patients.values())]);
  const ofNobody = records.filter((record) => patients.get(referenceTo(record)) === null).map(referenceTo);
  const own = await receivedOver(reader, child, ofNobody);
  const isHad = (record: PushedRecord) => {
    const patient = patients.get(referenceTo(record));
    return patient === undefined || had.has(patient) || own.has(referenceTo(record));
  };
  const proven = await provenAmong(
    reader,
    records.filter((record) => !isHad(record)),
  );
  const reasons = new Map<PushUnit, string>();
  for (const unit of units) {
    const metadata = unit.records.find(({ type }) => metadataTypes.has(type));
    const foreign = unit.records.find((record) => !isHad(record) && !proven.has(record));
    if (metadata) reasons.set(unit, `${metadata.type}/${metadata.id} is of a type that comes from the parent only.`);
    else if (foreign) reasons.set(unit, `${foreign.type}/${foreign.id} is no record of this node's catchment.`);
  }
  return reasons;
}

/**
 * Those of some records whose sender tells what the version contained that it was made on. Nobody knows that who did not
 * have the record; this node may have forgotten that they did when it was restored.
 */
async function provenAmong(reader: Reader, records: readonly PushedRecord[]): Promise<ReadonlySet<PushedRecord>> {
  const told = records.flatMap((record) => {
    const { type, id, baseVersion, baseDigest } = record;
    if (baseVersion === null || !baseDigest) return [];
    return [{ record, sought: { type, id, hash: Buffer.from(baseDigest, "base64url").toString("hex") } }];
  });
  const found = await findBodies(
    reader,
    told.map(({ sought }) => sought),
  );
  const here = new Set(found.map(({ type, id, hash }) => `${type}/${id} ${hash}`));
  return new Set(
    told.filter(({ sought: { type, id, hash } }) => here.has(`${type}/${id} ${hash}`)).map(({ record }) => record),
  );
}

/**
 * Which of some units come late: a patient in them was the child's, and is no more. A patient who is new here has yet to
 * come into a catchment, and is none of those; nor is a guest while the time lasts.
 */
export async function lateAmong(
  tx: Transaction,
  child: string,
  units: readonly PushUnit[],
  now: number,
): Promise<ReadonlySet<PushUnit>> {
  const visibility = await visibilityOf(tx, child, now);
  if (visibility.isEverything) return new Set();
  const patients = await patientsOfRecords(
    tx,
    units.flatMap(({ records }) => records),
  );
  const named = [...new Set(patients.values())].filter((patient) => patient !== null);
  const held = await visibility.mayHold(tx, named);
  const known = (await membershipsOf(tx, named)).map(({ patient }) => patient);
  const gone = new Set(known.filter((patient) => !held.has(patient)));
  return new Set(
    units.filter(({ records }) => records.some((record) => gone.has(patients.get(referenceTo(record)) ?? ""))),
  );
}

/**
 * What a child is told of verdicts: of records that it may not see now, no body. A unit with such a record is told as
 * `outside-catchment`: it has been taken all the same.
 */
export async function limitVerdicts(
  database: Database,
  child: string,
  verdicts: ReadonlyMap<string, UnitVerdict>,
  now: number,
): Promise<[operationId: string, verdict: UnitVerdict][]> {
  const visibility = await visibilityOf(database, child, now);
  if (visibility.isEverything) return [...verdicts];
  const named: ResourceKey[] = [...verdicts.values()].flatMap((verdict) =>
    "records" in verdict ? verdict.records : [],
  );
  const visible = await visibility.mayRead(database, named);
  return [...verdicts].map(([operationId, verdict]) => {
    if (!("records" in verdict)) return [operationId, verdict];
    const isInside = verdict.records.every((record) => visible.has(referenceTo(record)));
    if (isInside) return [operationId, verdict];
    const records = verdict.records.map((record) => {
      if (visible.has(referenceTo(record))) return record;
      const { type, id, version } = record;
      return { type, id, version, outcome: "applied" as const, conflicts: 0 };
    });
    return [operationId, { kind: "outside-catchment", records }];
  });
}
