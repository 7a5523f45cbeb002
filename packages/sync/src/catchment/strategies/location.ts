import { isJsonObject, type JsonObject, parseReference } from "@tributary/fhir";
import type { CatchmentStrategy, Criterion } from "../rule/catchment-strategy.ts";
import { type PlaceSource, placeSources } from "../rule/patient-facts.ts";

/** The levels of an address, the widest first, as a pattern names them. */
const addressLevels = ["country", "state", "district", "city", "postalCode"] as const;
const placesMax = 1_000;

/**
 * Chooses patients by where they live or are cared for, in one of two ways.
 *
 * - `{"location": {"address": "Kenya%Nairobi%*%Kibera"}}`: one of the patient's addresses, level by level from country,
 *   state, district and city to postal code, in either case; `*` and whatever is left out at the end stand for any.
 * - `{"location": {"within": ["Location/district-3"], "by": ["encounter"]}}`: a place, or one that is part of it, is the
 *   managing organization, the place of an encounter, or where the patient is enrolled in care; `by` says which of these
 *   count, all when it is absent.
 *
 * A patient without an address, or without such a place, is not chosen.
 */
export const location: CatchmentStrategy = {
  name: "location",
  read(given) {
    const { address, within, by } = (typeof given === "object" && given !== null ? given : {}) as Record<
      string,
      unknown
    >;
    if (typeof address === "string" && within === undefined) return byAddress(address);
    if (Array.isArray(within) && address === undefined) return byPlace(within, by);
    return "it has either an address, such as Kenya%Nairobi, or a list of places, within.";
  },
};

function byAddress(pattern: string): Criterion | string {
  const wanted = pattern.split("%").map((level) => level.trim().toLowerCase());
  if (wanted.length > addressLevels.length) return `an address has at most ${addressLevels.length} levels.`;
  if (wanted.includes("")) return "a level of an address that does not matter is written *.";
  if (wanted.every((level) => level === "*")) return "an address names at least one level.";
  return {
    needs: { body: true },
    holds: ({ body }) =>
      addressesOf(body).some((address) => wanted.every((level, at) => fitsLevel(level, address, at))),
  };
}

function addressesOf(body: JsonObject | undefined): readonly JsonObject[] {
  const value = body?.["address"];
  return Array.isArray(value) ? value.filter(isJsonObject).filter(({ use }) => use !== "old") : [];
}

function fitsLevel(wanted: string, address: JsonObject, at: number): boolean {
  if (wanted === "*") return true;
  const level = address[addressLevels[at]!];
  return typeof level === "string" && level.trim().toLowerCase() === wanted;
}

function byPlace(within: readonly unknown[], by: unknown): Criterion | string {
  const keys = within.map((one) => (typeof one === "string" ? parseReference(one) : undefined));
  if (
    keys.length === 0 ||
    keys.length > placesMax ||
    keys.some((key) => key?.type !== "Location" && key?.type !== "Organization")
  ) {
    return `within has references to at most ${placesMax} Locations or Organizations.`;
  }
  const sources = by ?? placeSources;
  if (!Array.isArray(sources) || sources.length === 0 || !sources.every(isPlaceSource)) {
    return `by has some of ${placeSources.join(", ")}.`;
  }
  const wanted = keys.map((key) => `${key!.type}/${key!.id}`);
  return {
    needs: { places: sources },
    holds: ({ places }) => places && sources.some((source) => wanted.some((name) => places[source]?.has(name))),
    placesAdded: (source, places) =>
      sources.includes(source) && wanted.some((name) => places.has(name)) ? "holds" : "none",
  };
}

function isPlaceSource(value: unknown): value is PlaceSource {
  return (placeSources as readonly unknown[]).includes(value);
}
