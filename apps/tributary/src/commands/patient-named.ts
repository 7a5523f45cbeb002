import { parseReference } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";

/** The id of a patient that somebody names by a reference. */
export function patientNamed(reference: string): string {
  const key = parseReference(reference);
  if (key?.type === "Patient") return key.id;
  throw new TributaryError("CONFIG_INVALID", "Name the patient, for example Patient/123.");
}
