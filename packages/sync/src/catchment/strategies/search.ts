import { FhirRefusal, parseSearchRequest } from "@tributary/fhir";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

const expressionLengthMax = 2_000;

/** Chooses the patients whom a FHIR search finds: `{"search": "address-city=Nairobi&active=true"}`. */
export const search: CatchmentStrategy = {
  name: "search",
  read(given) {
    if (typeof given !== "string" || given === "" || given.length > expressionLengthMax) {
      return "it is a FHIR search on Patient, such as address-city=Nairobi.";
    }
    try {
      const { conditions } = parseSearchRequest("Patient", new URLSearchParams(given), { isStrict: true, now: 0 });
      if (conditions.length === 0) return "it has no condition.";
    } catch (error) {
      if (!(error instanceof FhirRefusal)) throw error;
      return error.issues[0]?.diagnostics ?? "it cannot be read.";
    }
    return { needs: { searches: [given] }, holds: ({ searches }) => searches.get(given) };
  },
};
