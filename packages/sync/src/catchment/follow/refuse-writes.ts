import type { Reader, Transaction } from "@tributary/database";
import { FhirRefusal, isJsonObject, patientOf, type StoredVersion } from "@tributary/fhir";
import { readParentLink } from "../../enrolment/parent-link.ts";
import { isCatchmentStream } from "../catchment-name.ts";
import { readCatchmentState } from "../catchment-state.ts";
import { departedAmong, hasDepartures } from "./departures.ts";

/**
 * Refuses what a client of a child must not write: records of a patient who has left the catchment, and records of the
 * types that come from the parent only. Done inside the transaction that writes them; a node that holds everything
 * refuses nothing.
 */
export async function refuseForeignWrites(tx: Transaction, versions: readonly StoredVersion[]): Promise<void> {
  const refusal = await foreignWrite(tx, versions);
  if (refusal) throw refusal;
}

/** Why some records are not this node's to write; `undefined` when they are. */
export async function foreignWrite(
  reader: Reader,
  records: readonly Pick<StoredVersion, "key" | "body">[],
): Promise<FhirRefusal | undefined> {
  const link = await readParentLink(reader);
  if (!link || !isCatchmentStream(link.stream)) return undefined;
  const { metadataTypes } = await readCatchmentState(reader);
  const metadata = records.find(({ key }) => metadataTypes.has(key.type));
  if (metadata) return refusal(403, `Records of type ${metadata.key.type} come from the parent; write them there.`);
  if (!(await hasDepartures(reader))) return undefined;
  const patients = records.flatMap(({ body }) => (body === undefined ? [] : (patientIn(body) ?? [])));
  if ((await departedAmong(reader, patients)).size === 0) return undefined;
  return refusal(403, "The patient has left this node's catchment; the records are kept for reading only.");
}

function patientIn(body: string): string | null {
  const resource: unknown = JSON.parse(body);
  return isJsonObject(resource) ? patientOf(resource) : null;
}

function refusal(status: number, diagnostics: string): FhirRefusal {
  return new FhirRefusal(status, [{ severity: "error", code: "forbidden", diagnostics }]);
}
