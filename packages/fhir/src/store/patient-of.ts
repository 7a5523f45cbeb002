import { isJsonObject, type JsonObject } from "../model/json-value.ts";
import { parseReference } from "../model/resource-key.ts";

/** The members by which R4 resources name the patient they are about. */
const membersNamingPatient = ["subject", "patient", "beneficiary", "individual"];

/** The id of the Patient in whose compartment a resource is, the Patient itself included; `null` for all others. */
export function patientOf(resource: JsonObject): string | null {
  if (resource["resourceType"] === "Patient") return typeof resource["id"] === "string" ? resource["id"] : null;
  for (const name of membersNamingPatient) {
    const member = resource[name];
    const reference = isJsonObject(member) ? member["reference"] : undefined;
    const key = typeof reference === "string" ? parseReference(reference) : undefined;
    if (key?.type === "Patient") return key.id;
  }
  return null;
}
