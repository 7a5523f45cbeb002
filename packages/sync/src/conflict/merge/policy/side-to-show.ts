import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";

/** The two values of a contested element, as fragments. */
export interface Contestants {
  readonly mine: JsonObject | undefined;
  readonly theirs: JsonObject | undefined;
}

/**
 * Which side of a contested element is shown until somebody decides: what is there before what was removed; the safer
 * value where one is known; a record marked as entered in error; the status that is further on its way; else the
 * parent's. It depends on the two values alone.
 */
export function sideToShow(type: string, path: string, { mine, theirs }: Contestants): "mine" | "theirs" {
  if (mine === undefined) return "theirs";
  if (theirs === undefined) return "mine";
  const scales = [...(saferFirst[`${type}.${path}`] ?? []), ...statusScales(type, path)];
  for (const { member, codes } of scales) {
    const difference = rankOf(mine[member], codes) - rankOf(theirs[member], codes);
    if (difference !== 0) return difference < 0 ? "mine" : "theirs";
  }
  return "mine";
}

/** A member and its codes, the one to be shown first; a code that is not among them comes last. */
interface Scale {
  readonly member: string;
  readonly codes: readonly string[];
}

const verification: Scale = {
  member: "verificationStatus",
  codes: ["confirmed", "differential", "provisional", "unconfirmed", "refuted", "entered-in-error"],
};

/** What does less harm if it turns out to be wrong: a warning that stays up, an order that is not carried out. */
const saferFirst: Readonly<Record<string, readonly Scale[]>> = {
  "AllergyIntolerance.clinicalStatus": [
    { member: "clinicalStatus", codes: ["active", "inactive", "resolved"] },
    verification,
  ],
  "AllergyIntolerance.criticality": [{ member: "criticality", codes: ["high", "unable-to-assess", "low"] }],
  "AllergyIntolerance.reaction.severity": [{ member: "severity", codes: ["severe", "moderate", "mild"] }],
  "Condition.clinicalStatus": [
    { member: "clinicalStatus", codes: ["recurrence", "relapse", "active", "remission", "inactive", "resolved"] },
    verification,
  ],
  "Condition.severity": [{ member: "severity", codes: ["24484000", "6736007", "255604002"] }],
  "Consent.status": [
    { member: "provision", codes: ["deny"] },
    { member: "status", codes: ["rejected", "inactive", "entered-in-error"] },
  ],
  "MedicationRequest.medication": [{ member: "doNotPerform", codes: ["true"] }],
  "MedicationRequest.status": [
    { member: "status", codes: ["entered-in-error", "stopped", "cancelled", "on-hold", "completed", "active"] },
  ],
  "MedicationStatement.status": [
    { member: "status", codes: ["entered-in-error", "stopped", "not-taken", "on-hold", "active", "completed"] },
  ],
  // Somebody who is shown as living goes on being cared for.
  "Patient.deceased": [{ member: "deceasedBoolean", codes: ["false"] }],
};

/** Statuses in the order in which they are passed through, where that order is one line; ends that branch off tie. */
const ways: Readonly<Record<string, readonly string[]>> = {
  CarePlan: ["draft", "active", "completed"],
  CareTeam: ["proposed", "active", "inactive"],
  Communication: ["preparation", "in-progress", "completed"],
  DiagnosticReport: ["registered", "partial", "preliminary", "final", "amended", "corrected"],
  Encounter: ["planned", "arrived", "triaged", "in-progress", "finished"],
  EpisodeOfCare: ["planned", "waitlist", "active", "finished"],
  MedicationDispense: ["preparation", "in-progress", "completed"],
  Observation: ["registered", "preliminary", "final", "amended", "corrected"],
  Procedure: ["preparation", "in-progress", "completed"],
  QuestionnaireResponse: ["in-progress", "completed", "amended"],
  ServiceRequest: ["draft", "active", "completed"],
  Task: ["draft", "requested", "received", "accepted", "ready", "in-progress", "completed"],
};

const enteredInError: Scale = { member: "status", codes: ["entered-in-error"] };

/** Empty path: the whole record, which is judged by its status as well. */
function statusScales(type: string, path: string): Scale[] {
  if (path !== "status" && path !== "") return [];
  return [enteredInError, { member: "status", codes: (ways[type] ?? []).toReversed() }];
}

function rankOf(value: JsonValue | undefined, codes: readonly string[]): number {
  const rank = Math.min(
    ...codesOf(value)
      .map((code) => codes.indexOf(code))
      .filter((place) => place >= 0),
  );
  return Number.isFinite(rank) ? rank : codes.length;
}

/** The codes that a code, a boolean, a CodeableConcept or a consent's provision says. */
function codesOf(value: JsonValue | undefined): string[] {
  if (typeof value === "string" || typeof value === "boolean") return [String(value)];
  if (!isJsonObject(value)) return [];
  const { coding, type } = value;
  if (typeof type === "string") return [type];
  if (!Array.isArray(coding)) return [];
  return coding.flatMap((one) => (isJsonObject(one) && typeof one["code"] === "string" ? [one["code"]] : []));
}
