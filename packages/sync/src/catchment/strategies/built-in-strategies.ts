import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";
import { careTeam } from "./care-team.ts";
import { cohort } from "./cohort.ts";
import { everything } from "./everything.ts";
import { identifier } from "./identifier.ts";
import { list } from "./list.ts";
import { location } from "./location.ts";
import { registeredAt } from "./registered-at.ts";
import { search } from "./search.ts";

/** The strategies that every node has. */
export const builtInStrategies: readonly CatchmentStrategy[] = [
  location,
  cohort,
  careTeam,
  identifier,
  search,
  list,
  registeredAt,
  everything,
];

/** Their names, which no other strategy can have. */
export const builtInStrategyNames: readonly string[] = builtInStrategies.map(({ name }) => name);
