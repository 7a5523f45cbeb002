import type { FactNeeds, PatientFacts } from "./patient-facts.ts";

/** One claim about a patient, ready to be asked of any number of patients. */
export interface Criterion {
  readonly needs: FactNeeds;
  /** Whether the claim holds; `undefined` when the facts do not tell. Pure. */
  holds(facts: PatientFacts): boolean | undefined;
}

/**
 * One way to choose patients. A site adds its own by handing one in; in a rule it is called by its name:
 * `{ "name": what the strategy reads }`.
 */
export interface CatchmentStrategy {
  readonly name: string;
  /** Makes the criterion that a rule describes, or says in a sentence what is wrong with the description. */
  read(given: unknown): Criterion | string;
}
