import { type Reader, sql, type Transaction } from "@tributary/database";
import { isJsonObject, patientOf, type ResourceKey, referenceTo } from "@tributary/fhir";
import { readChildNode } from "../enrolment/child-nodes.ts";
import { parseOperationName } from "./operation-name.ts";
import { dropParkedUnit, findHoldersOf, takeUpParkedUnit } from "./parked-units.ts";
import { parsePushBatch } from "./push-batch.ts";
import { putVerdicts } from "./push-verdicts.ts";

const findAny = sql("select 1 as one from parked_units limit 1");
const findNaming = sql("select operation_id, unit from parked_units where unit like $1");

/** What is to be purged, and when. */
export interface Departed {
  /** The patient's id; absent when a single record is to go. */
  readonly patient: string | undefined;
  readonly records: readonly ResourceKey[];
  readonly now: number;
}

/**
 * Whether units of this node's own children are parked here that change some records, or any record of a patient. What
 * revoked children sent nobody asks about any more: it is withdrawn.
 */
export async function areParkedHere(tx: Transaction, departed: Departed): Promise<boolean> {
  if (!(await tx.first(findAny))) return false;
  const holders = await findHoldersOf(tx, departed.records.map(referenceTo));
  const operations = new Set([...[...holders.values()].flat(), ...(await operationsOn(tx, departed.patient))]);
  let areWaiting = false;
  for (const operationId of operations) {
    const node = parseOperationName(operationId)?.node ?? "";
    if (typeof (await readChildNode(tx, node))?.revokedAt !== "number") areWaiting = true;
    else if (await takeUpParkedUnit(tx, operationId)) {
      await dropParkedUnit(tx, operationId);
      await putVerdicts(tx, node, new Map([[operationId, { kind: "withdrawn" }]]), departed.now);
    }
  }
  return areWaiting;
}

async function operationsOn(reader: Reader, patient: string | undefined): Promise<string[]> {
  if (patient === undefined) return [];
  const rows = await reader.all<{ operation_id: string; unit: string }>(findNaming, [`%Patient/${patient}%`]);
  return rows.filter(({ unit }) => isOn(patient, unit)).map(({ operation_id }) => operation_id);
}

function isOn(patient: string, unit: string): boolean {
  return parsePushBatch(unit).units.some(({ records }) =>
    records.some(({ body }) => {
      const resource: unknown = JSON.parse(body ?? "null");
      return isJsonObject(resource) && patientOf(resource) === patient;
    }),
  );
}
