import type { CatchmentRule } from "@tributary/sync";

/** Towns of the demonstration's own patients; whoever lives in the first is the north clinic's, and so on. */
export const northTown = "Northend";
export const southTown = "Southend";

/** Whose records one clinic holds: as a rule for the parent, and as a claim by which this can be checked without it. */
export interface ClinicCatchment {
  readonly name: string;
  readonly rule: CatchmentRule;
  /** Whether somebody with these home towns, in small letters, is the clinic's. */
  holds(towns: ReadonlySet<string>): boolean;
}

/** The patients of some towns. */
export function living(name: string, towns: readonly string[]): ClinicCatchment {
  const wanted = towns.map((town) => town.toLowerCase());
  return { name, rule: inAnyOf(towns), holds: (their) => wanted.some((town) => their.has(town)) };
}

/** The patients of one town, and all those who live in none of some others or whose town is not known. */
export function livingElsewhere(name: string, town: string, others: readonly string[]): ClinicCatchment {
  const unwanted = others.map((other) => other.toLowerCase());
  return {
    name,
    rule: { any: [inAnyOf([town]), { not: inAnyOf(others) }] },
    holds: (their) => their.has(town.toLowerCase()) || !unwanted.some((other) => their.has(other)),
  };
}

function inAnyOf(towns: readonly string[]): CatchmentRule {
  return { any: towns.map((town) => ({ location: { address: `*%*%*%${town}` } })) };
}
