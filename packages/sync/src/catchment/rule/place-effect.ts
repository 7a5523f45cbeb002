import type { Criterion, PlaceEffect } from "./catchment-strategy.ts";
import type { PlaceSource } from "./patient-facts.ts";

/** The effect of places from one source, each told with all that it is part of. */
export function placeEffectOf(
  { needs, placesAdded }: Pick<Criterion, "needs" | "placesAdded">,
  source: PlaceSource,
  places: ReadonlySet<string>,
): PlaceEffect {
  if (!needs.places?.includes(source)) return "none";
  return placesAdded?.(source, places) ?? "open";
}

/** The effect on a rule of which all parts, or with `deciding` any of them, must hold. */
export function combinedEffect(effects: readonly PlaceEffect[], deciding: boolean): PlaceEffect {
  const [decides, agrees] = deciding ? (["holds", "fails"] as const) : (["fails", "holds"] as const);
  if (effects.includes(decides)) return decides;
  if (effects.every((effect) => effect === "none")) return "none";
  return effects.every((effect) => effect === agrees) ? agrees : "open";
}

/** The effect on the opposite of a rule. */
export function negatedEffect(effect: PlaceEffect): PlaceEffect {
  return opposites[effect];
}

const opposites = { none: "none", open: "open", holds: "fails", fails: "holds" } as const;
