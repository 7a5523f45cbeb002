import type { Reader } from "@tributary/database";
import {
  bodiesOfCompartments,
  isJsonObject,
  type JsonObject,
  originsOfPatients,
  parseSearchRequest,
  type ResourceStore,
  referencesOfCompartments,
  referenceTo,
  search,
} from "@tributary/fhir";
import type { FactNeeds, PatientFacts, PlaceSource } from "./patient-facts.ts";
import { type PlaceTree, placeOf } from "./place-tree.ts";

/** Patients whom one search is asked about: their ids are part of its expression. */
const searchedMax = 250;

/** The records that put a patient at a place, by the source that they count for. */
const typesOfSource = { encounter: "Encounter", enrolment: "EpisodeOfCare" } as const;

export interface FactSources {
  readonly store: ResourceStore;
  readonly places: PlaceTree;
  /** Counts the writes of places. */
  readonly placesGeneration: number;
}

/** Gathers what is needed about many patients at once: a fixed number of statements, however many patients. */
export async function gatherFacts(
  reader: Reader,
  patients: readonly string[],
  needs: FactNeeds,
  sources: FactSources,
): Promise<PatientFacts[]> {
  const { store } = sources;
  const bodies = await store.readMany(
    reader,
    patients.map((id) => ({ type: "Patient", id })),
  );
  const parsed = new Map<string, JsonObject>();
  for (const id of patients) {
    const body = bodies.get(`Patient/${id}`)?.body;
    if (body !== undefined) parsed.set(id, JSON.parse(body) as JsonObject);
  }
  const teams = needs.careTeams ? await careTeamsOf(reader, patients) : new Map<string, JsonObject[]>();
  const origins = needs.origin ? await originsOfPatients(reader, patients) : new Map<string, string>();
  const groups = await membersOfGroups(reader, needs.groups ?? [], store);
  const searches = await searchesOf(reader, patients, needs.searches ?? []);
  const places = needs.places?.length ? await placesOf(reader, patients, needs.places, parsed, sources) : () => ({});
  return patients.map((patient) => ({
    patient,
    body: parsed.get(patient),
    places: places(patient),
    careTeams: teams.get(patient) ?? [],
    groups: new Map([...groups].map(([group, members]) => [group, members?.has(patient)])),
    searches: new Map([...searches].map(([expression, found]) => [expression, found?.has(patient)])),
    originNode: origins.get(patient),
  }));
}

async function careTeamsOf(reader: Reader, patients: readonly string[]): Promise<Map<string, JsonObject[]>> {
  const teams = new Map<string, JsonObject[]>();
  for (const { patient, body } of await bodiesOfCompartments(reader, patients, "CareTeam")) {
    teams.set(patient, [...(teams.get(patient) ?? []), JSON.parse(body) as JsonObject]);
  }
  return teams;
}

async function membersOfGroups(
  reader: Reader,
  groups: readonly string[],
  store: ResourceStore,
): Promise<Map<string, ReadonlySet<string> | undefined>> {
  const stored = await store.readMany(
    reader,
    groups.map((id) => ({ type: "Group", id })),
  );
  return new Map(groups.map((id) => [id, membersOfGroup(stored.get(`Group/${id}`)?.body)]));
}

/** The ids of the patients who are active members of a Group; `undefined` for a Group that is not there. */
export function membersOfGroup(body: string | undefined): ReadonlySet<string> | undefined {
  if (body === undefined) return undefined;
  const members = (JSON.parse(body) as JsonObject)["member"];
  if (!Array.isArray(members)) return new Set();
  return new Set(
    members.flatMap((member) => {
      if (!isJsonObject(member) || member["inactive"] === true || !isJsonObject(member["entity"])) return [];
      return /^Patient\/([A-Za-z0-9.-]{1,64})$/.exec(String(member["entity"]["reference"]))?.[1] ?? [];
    }),
  );
}

async function searchesOf(
  reader: Reader,
  patients: readonly string[],
  expressions: readonly string[],
): Promise<Map<string, ReadonlySet<string> | undefined>> {
  const found = new Map<string, ReadonlySet<string> | undefined>();
  for (const expression of expressions) {
    try {
      const matches = new Set<string>();
      for (let at = 0; at < patients.length; at += searchedMax) {
        for (const id of await searchAmong(reader, patients.slice(at, at + searchedMax), expression)) matches.add(id);
      }
      found.set(expression, matches);
    } catch (error) {
      // A statement that failed has ended the transaction on PostgreSQL; only what never reached it is no answer.
      if (!(error instanceof Error) || error.name !== "FhirRefusal") throw error;
      found.set(expression, undefined);
    }
  }
  return found;
}

async function searchAmong(reader: Reader, patients: readonly string[], expression: string): Promise<string[]> {
  const parameters = new URLSearchParams(expression);
  parameters.append("_id", patients.join(","));
  const request = parseSearchRequest("Patient", parameters, { isStrict: true, now: 0 });
  const { matches } = await search(reader, {
    ...request,
    count: patients.length,
    sort: [],
    includes: [],
    summary: "false",
    total: "none",
    page: undefined,
  });
  return matches.map(({ id }) => id);
}

async function placesOf(
  reader: Reader,
  patients: readonly string[],
  wanted: readonly PlaceSource[],
  bodies: ReadonlyMap<string, JsonObject>,
  { places, placesGeneration }: FactSources,
): Promise<(patient: string) => PatientFacts["places"]> {
  const direct = new Map<string, Map<PlaceSource, string[]>>();
  const note = (patient: string, source: PlaceSource, place: string) => {
    const bySource = direct.get(patient) ?? new Map<PlaceSource, string[]>();
    bySource.set(source, [...(bySource.get(source) ?? []), place]);
    direct.set(patient, bySource);
  };
  if (wanted.includes("managing-organization")) {
    for (const [patient, body] of bodies) {
      const place = placeOf(body["managingOrganization"]);
      if (place) note(patient, "managing-organization", place);
    }
  }
  const types = (["encounter", "enrolment"] as const).filter((source) => wanted.includes(source));
  if (types.length > 0) {
    const asked = types.map((source) => typesOfSource[source]);
    for (const { patient, type, target } of await referencesOfCompartments(reader, patients, asked, [
      "Location",
      "Organization",
    ])) {
      note(patient, type === "Encounter" ? "encounter" : "enrolment", referenceTo(target));
    }
  }
  const all = new Set([...direct.values()].flatMap((bySource) => [...bySource.values()].flat()));
  const withAncestors = await places.withAncestors(reader, all, placesGeneration);
  return (patient) => {
    if (!withAncestors) return undefined;
    const told: Partial<Record<PlaceSource, ReadonlySet<string>>> = {};
    for (const [source, found] of direct.get(patient) ?? []) {
      told[source] = new Set(found.flatMap((place) => [...withAncestors(place)]));
    }
    return told;
  };
}
