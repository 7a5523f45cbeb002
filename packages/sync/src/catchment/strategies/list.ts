import { isResourceId } from "@tributary/fhir";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

/** A longer list is a cohort, and better kept as a Group. */
const listedMax = 10_000;

/** Chooses patients by name: `{"list": ["p-1", "p-2"]}`. */
export const list: CatchmentStrategy = {
  name: "list",
  read(given) {
    if (
      !Array.isArray(given) ||
      given.length > listedMax ||
      !given.every((id) => typeof id === "string" && isResourceId(id))
    ) {
      return `it has the ids of at most ${listedMax} patients.`;
    }
    const listed = new Set<unknown>(given);
    return { needs: {}, holds: ({ patient }) => listed.has(patient) };
  },
};
