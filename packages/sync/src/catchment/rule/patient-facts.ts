import type { JsonObject } from "@tributary/fhir";

/** From where a patient's places are taken. */
export const placeSources = ["managing-organization", "encounter", "enrolment"] as const;
export type PlaceSource = (typeof placeSources)[number];

/** What a rule must know of a patient; what it does not need is not looked up. */
export interface FactNeeds {
  readonly body?: boolean;
  readonly places?: readonly PlaceSource[];
  readonly careTeams?: boolean;
  /** Ids of Groups. */
  readonly groups?: readonly string[];
  /** FHIR search expressions on Patient. */
  readonly searches?: readonly string[];
  readonly origin?: boolean;
}

/**
 * All that a rule may rest on about one patient, gathered for many patients at once. What could not be gathered is
 * `undefined`, and no rule that needs it can be evaluated.
 */
export interface PatientFacts {
  readonly patient: string;
  /** The Patient as it is now; `undefined` when it is deleted or was never here. */
  readonly body: JsonObject | undefined;
  /** Places as references, each with all the places that it is part of. */
  readonly places: Readonly<Partial<Record<PlaceSource, ReadonlySet<string>>>> | undefined;
  readonly careTeams: readonly JsonObject[];
  /** Of the Groups that were asked for, whether each has the patient as a member; `undefined` for one that is not here. */
  readonly groups: ReadonlyMap<string, boolean | undefined>;
  /** Of the searches that were asked for, whether each finds the patient; `undefined` for one that failed. */
  readonly searches: ReadonlyMap<string, boolean | undefined>;
  /** The node on which the Patient was first written. */
  readonly originNode: string | undefined;
}

/** What several criteria need together. */
export function unitedNeeds(needs: readonly FactNeeds[]): FactNeeds {
  return {
    body: needs.some(({ body }) => body),
    careTeams: needs.some(({ careTeams }) => careTeams),
    origin: needs.some(({ origin }) => origin),
    places: [...new Set(needs.flatMap(({ places = [] }) => places))],
    groups: [...new Set(needs.flatMap(({ groups = [] }) => groups))],
    searches: [...new Set(needs.flatMap(({ searches = [] }) => searches))],
  };
}
