import { parseReference } from "@tributary/fhir";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

/** Chooses the active members of a Group: `{"cohort": "Group/tb-programme"}`. */
export const cohort: CatchmentStrategy = {
  name: "cohort",
  read(given) {
    const group = typeof given === "string" ? parseReference(given) : undefined;
    if (group?.type !== "Group") return "it names a Group, such as Group/tb-programme.";
    return { needs: { groups: [group.id] }, holds: ({ groups }) => groups.get(group.id) };
  },
};
