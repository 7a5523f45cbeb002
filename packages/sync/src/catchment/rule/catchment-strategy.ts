import type { FactNeeds, PatientFacts, PlaceSource } from "./patient-facts.ts";

/**
 * What it does to a rule's answer about a patient that the patient is at some more places: nothing; it holds or fails from
 * now on, whatever else is so; or all facts have to be asked.
 */
export type PlaceEffect = "none" | "holds" | "fails" | "open";

/** One claim about a patient, ready to be asked of any number of patients. */
export interface Criterion {
  readonly needs: FactNeeds;
  /** Whether the claim holds; `undefined` when the facts do not tell. Pure. */
  holds(facts: PatientFacts): boolean | undefined;
  /**
   * What further places of a source do to the answer, each told with all that it is part of, so that a visit need not
   * make all visits of the patient be looked at. Pure; without it they always are.
   */
  placesAdded?(source: PlaceSource, places: ReadonlySet<string>): PlaceEffect;
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
