import { isJsonObject, type JsonObject, type JsonValue, parseReference } from "@tributary/fhir";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

/** States in which a CareTeam cares for nobody. See https://hl7.org/fhir/R4/valueset-care-team-status.html */
const ended: ReadonlySet<unknown> = new Set(["inactive", "entered-in-error"]);

/**
 * Chooses the patients whom somebody cares for: `{"care-team": "Organization/clinic-1"}`, as a participant or managing
 * organization of a CareTeam that has not ended, as general practitioner, or as that CareTeam itself.
 */
export const careTeam: CatchmentStrategy = {
  name: "care-team",
  read(given) {
    const wanted = typeof given === "string" ? parseReference(given) : undefined;
    if (!wanted) return "it names a Practitioner, PractitionerRole, Organization or CareTeam.";
    const name = `${wanted.type}/${wanted.id}`;
    return {
      needs: { body: true, careTeams: true },
      holds: ({ body, careTeams }) =>
        itemsOf(body?.["generalPractitioner"]).some((one) => leadsTo(one, name)) ||
        careTeams.some((team) => !ended.has(team["status"]) && isOf(team, name)),
    };
  },
};

function isOf(team: JsonObject, name: string): boolean {
  if (`CareTeam/${String(team["id"])}` === name) return true;
  const participants = itemsOf(team["participant"]).flatMap((one) => [one["member"], one["onBehalfOf"]]);
  return [...participants, ...itemsOf(team["managingOrganization"])].some((one) => leadsTo(one, name));
}

function leadsTo(reference: JsonValue | undefined, name: string): boolean {
  const text = isJsonObject(reference) ? reference["reference"] : undefined;
  const key = typeof text === "string" ? parseReference(text) : undefined;
  return key !== undefined && `${key.type}/${key.id}` === name;
}

function itemsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isJsonObject);
}
