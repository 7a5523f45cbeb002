import type { Transaction } from "@tributary/database";
import type { JsonObject, ResourceStore } from "@tributary/fhir";
import { literalReferences } from "../push/literal-references.ts";
import { membersOfGroup } from "./rule/gather-facts.ts";
import type { FactNeeds, PlaceSource } from "./rule/patient-facts.ts";
import { placeEffectOf } from "./rule/place-effect.ts";
import type { PlaceTree } from "./rule/place-tree.ts";
import type { ReadRules } from "./rule-book.ts";
import type { Noted, NotedPatient } from "./touched-patients.ts";

/** The records that put a patient at a place, and the source that they count for. */
export const presenceSources: ReadonlyMap<string, PlaceSource> = new Map([
  ["Encounter", "encounter"],
  ["EpisodeOfCare", "enrolment"],
]);

/** The patients about whom rules may now say something else. */
export interface DuePatients {
  /** About these all facts have to be asked. */
  readonly patients: ReadonlySet<string>;
  /**
   * About these it is known without further facts what some catchments' rules say now, by patient and catchment; the
   * others say what they said. A patient of whom that is nothing new need not be decided about.
   */
  readonly known: ReadonlyMap<string, ReadonlyMap<string, boolean>>;
}

export interface DueSources {
  readonly store: ResourceStore;
  readonly places: PlaceTree;
  /** Counts the writes of places. */
  readonly placesGeneration: number;
}

/**
 * Finds the patients whom a transaction's writes concern. A visit to a place that no rule names changes nothing; one to a
 * place that a rule names makes the rule hold, mostly as before: neither makes all visits of the patient be looked at.
 */
export async function findDuePatients(
  tx: Transaction,
  noted: Noted,
  rules: ReadRules,
  sources: DueSources,
): Promise<DuePatients> {
  const { needs } = rules;
  const due = new Set<string>();
  const visiting = new Map<string, NotedPatient["visits"]>();
  for (const [patient, { types, visits }] of noted.patients) {
    if ([...types].some((type) => isJudged(type, needs)) || (visits.length > 0 && needs.searches?.length)) {
      due.add(patient);
    } else if (visits.some(({ source }) => needs.places?.includes(source))) visiting.set(patient, visits);
  }
  for (const { former, key } of noted.moved) if (isJudged(key.type, needs)) due.add(former);
  for (const patient of await patientsOfGroups(tx, noted.groups, needs, sources.store)) due.add(patient);
  const known = new Map<string, ReadonlyMap<string, boolean>>();
  for (const [patient, answers] of await answersAfterVisits(tx, visiting, rules, sources)) {
    if (due.has(patient)) continue;
    if (answers === "open") due.add(patient);
    else if (answers.size > 0) known.set(patient, answers);
  }
  return { patients: due, known };
}

/** Whether a rule may judge a patient otherwise because a record of this type was written. */
function isJudged(type: string, needs: FactNeeds): boolean {
  return (
    type === "Patient" ||
    (needs.searches?.length ?? 0) > 0 ||
    (presenceSources.has(type) && (needs.places?.length ?? 0) > 0) ||
    (type === "CareTeam" && needs.careTeams === true)
  );
}

async function patientsOfGroups(
  tx: Transaction,
  groups: Noted["groups"],
  needs: FactNeeds,
  store: ResourceStore,
): Promise<string[]> {
  const patients: string[] = [];
  for (const { key, version } of groups) {
    if (!needs.groups?.includes(key.id)) continue;
    const before = await store.readVersion(tx, key, version - 1);
    const after = await store.readVersion(tx, key, version);
    patients.push(...(membersOfGroup(before?.body) ?? []), ...(membersOfGroup(after?.body) ?? []));
  }
  return patients;
}

/** What the rules say for certain after some patients' visits, by patient; `open` when that takes all facts. */
async function answersAfterVisits(
  tx: Transaction,
  visiting: ReadonlyMap<string, NotedPatient["visits"]>,
  { catchments }: ReadRules,
  { places, placesGeneration }: DueSources,
): Promise<Map<string, ReadonlyMap<string, boolean> | "open">> {
  const visited = new Map([...visiting].map(([patient, visits]) => [patient, placesBySource(visits)]));
  const all = new Set([...visited.values()].flatMap((bySource) => [...bySource.values()].flatMap((some) => [...some])));
  const withAncestors = await places.withAncestors(tx, all, placesGeneration);
  const answers = new Map<string, ReadonlyMap<string, boolean> | "open">();
  for (const [patient, bySource] of visited) {
    const told = new Map<string, boolean>();
    let isOpen = withAncestors === undefined;
    for (const [source, some] of bySource) {
      const reached = new Set([...some].flatMap((place) => [...(withAncestors?.(place) ?? [])]));
      for (const { name, criterion } of catchments) {
        const effect = criterion ? placeEffectOf(criterion, source, reached) : "none";
        if (effect === "none") continue;
        const holds = effect === "holds";
        if (effect === "open" || (told.get(name) ?? holds) !== holds) isOpen = true;
        told.set(name, holds);
      }
    }
    answers.set(patient, isOpen ? "open" : told);
  }
  return answers;
}

/** The Locations and Organizations that visits refer to. */
function placesBySource(visits: NotedPatient["visits"]): Map<PlaceSource, ReadonlySet<string>> {
  const places = new Map<PlaceSource, Set<string>>();
  for (const { source, resource } of visits) {
    const found = places.get(source) ?? new Set();
    for (const name of literalReferences(resource as JsonObject)) {
      if (name.startsWith("Location/") || name.startsWith("Organization/")) found.add(name);
    }
    places.set(source, found);
  }
  return places;
}
