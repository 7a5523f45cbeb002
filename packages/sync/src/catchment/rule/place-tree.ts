import type { Reader } from "@tributary/database";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseReference,
  type ResourceStore,
  referenceTo,
} from "@tributary/fhir";

/** A deeper hierarchy is a circle, or nobody's district. */
const levelsMax = 16;
/** Places whose parents are remembered; a country has fewer facilities. */
const rememberedMax = 50_000;

/**
 * The hierarchy of Locations and Organizations, as far as it was asked about. What has been read is remembered until the
 * generation of places moves on, which every write of a place makes it do.
 */
export class PlaceTree {
  readonly #store: Pick<ResourceStore, "readMany">;
  #parents = new Map<string, readonly string[]>();
  #generation = -1;

  constructor(store: Pick<ResourceStore, "readMany">) {
    this.#store = store;
  }

  /** For each place, as a reference, itself and all that it is part of; `undefined` when the hierarchy has no end. */
  async withAncestors(
    reader: Reader,
    places: ReadonlySet<string>,
    generation: number,
  ): Promise<((place: string) => ReadonlySet<string>) | undefined> {
    if (generation !== this.#generation || this.#parents.size > rememberedMax) this.#parents = new Map();
    this.#generation = generation;
    const parents = this.#parents;
    let level: Iterable<string> = places;
    for (let depth = 0; ; depth++) {
      const unknown = [...new Set(level)].filter((place) => !parents.has(place));
      if (unknown.length === 0) break;
      if (depth === levelsMax) return undefined;
      const keys = unknown.flatMap((place) => parseReference(place) ?? []);
      const found = await this.#store.readMany(reader, keys);
      for (const place of unknown) parents.set(place, []);
      for (const key of keys) parents.set(referenceTo(key), parentsOf(found.get(referenceTo(key))?.body));
      level = unknown.flatMap((place) => parents.get(place) ?? []);
    }
    return (place) => climb(place, parents);
  }
}

function climb(place: string, parents: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const passed = new Set([place]);
  for (const one of passed) for (const parent of parents.get(one) ?? []) passed.add(parent);
  return passed;
}

function parentsOf(body: string | undefined): string[] {
  if (body === undefined) return [];
  const place = JSON.parse(body) as JsonObject;
  return [place["partOf"], place["managingOrganization"]].flatMap((reference) => placeOf(reference) ?? []);
}

/** The place that a reference names, as `Location/x` or `Organization/x`; `undefined` for anything else. */
export function placeOf(reference: JsonValue | undefined): string | undefined {
  const text = isJsonObject(reference) ? reference["reference"] : undefined;
  const key = typeof text === "string" ? parseReference(text) : undefined;
  return key && (key.type === "Location" || key.type === "Organization") ? referenceTo(key) : undefined;
}
