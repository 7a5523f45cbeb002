import { FhirRefusal, parseSearchRequest } from "@tributary/fhir";
import { collectiveTypes } from "../metadata-types.ts";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

const expressionLengthMax = 2_000;

/**
 * Chooses the patients whom a FHIR search finds: `{"search": "address-city=Nairobi&active=true"}`. It asks of the patient
 * and of the patient's records: who changes anything else does not have the patient decided about.
 */
export const search: CatchmentStrategy = {
  name: "search",
  read(given) {
    if (typeof given !== "string" || given === "" || given.length > expressionLengthMax) {
      return "it is a FHIR search on Patient, such as address-city=Nairobi.";
    }
    try {
      const { conditions } = parseSearchRequest("Patient", new URLSearchParams(given), { isStrict: true, now: 0 });
      if (conditions.length === 0) return "it has no condition.";
      if (conditions.some(leavesThePatient)) {
        return "it asks of the patient and of the patient's records, and not of what they refer to or of a Group.";
      }
    } catch (error) {
      if (!(error instanceof FhirRefusal)) throw error;
      return error.issues[0]?.diagnostics ?? "it cannot be read.";
    }
    return { needs: { searches: [given] }, holds: ({ searches }) => searches.get(given) };
  },
};

type Condition = ReturnType<typeof parseSearchRequest>["conditions"][number];

function leavesThePatient(condition: Condition): boolean {
  return condition.kind === "chain" || (condition.kind === "reverse-chain" && collectiveTypes.has(condition.type));
}
