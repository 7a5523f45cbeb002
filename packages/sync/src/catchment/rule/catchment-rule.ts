import type { CatchmentStrategy, Criterion } from "./catchment-strategy.ts";
import { unitedNeeds } from "./patient-facts.ts";
import { combinedEffect, negatedEffect, placeEffectOf } from "./place-effect.ts";

/** A rule deeper or larger than this is a mistake, or somebody's attempt to keep the node busy. */
const depthMax = 8;
const partsMax = 100;
/** A list of ten thousand patients fits. */
const textLengthMax = 1_000_000;

/**
 * A rule as it is stored: an object with one member, either the name of a strategy with what the strategy reads, or
 * `all`, `any` or `not` with further rules.
 *
 * @example
 * { "all": [{ "location": { "address": "Kenya%Nairobi" } }, { "not": { "list": ["p-17"] } }] }
 */
export type CatchmentRule = Readonly<Record<string, unknown>>;

/**
 * Reads a rule by the strategies that are known; a sentence says what is wrong with it. Rules combine in three values:
 * what cannot be evaluated decides only where the other parts leave it open.
 */
export function readRule(rule: unknown, strategies: readonly CatchmentStrategy[]): Criterion | string {
  if (JSON.stringify(rule ?? null).length > textLengthMax) return `A rule has at most ${textLengthMax} characters.`;
  const parts = { left: partsMax };
  return readPart(rule, new Map(strategies.map((strategy) => [strategy.name, strategy])), 1, parts);
}

function readPart(
  rule: unknown,
  strategies: ReadonlyMap<string, CatchmentStrategy>,
  depth: number,
  parts: { left: number },
): Criterion | string {
  parts.left -= 1;
  if (parts.left < 0) return `A rule has at most ${partsMax} parts.`;
  if (depth > depthMax) return `A rule is at most ${depthMax} levels deep.`;
  const [member, ...more] =
    typeof rule === "object" && rule !== null && !Array.isArray(rule) ? Object.entries(rule) : [];
  if (!member || more.length > 0) return 'A rule is an object with one member, such as {"cohort":"Group/clinic-1"}.';
  const [name, given] = member;
  if (name === "not") {
    const inner = readPart(given, strategies, depth + 1, parts);
    return typeof inner === "string" ? inner : negated(inner);
  }
  if (name === "all" || name === "any") {
    if (!Array.isArray(given) || given.length === 0) return `${name} has a list of at least one rule.`;
    const inner: Criterion[] = [];
    for (const one of given) {
      const read = readPart(one, strategies, depth + 1, parts);
      if (typeof read === "string") return read;
      inner.push(read);
    }
    return combined(inner, name === "any");
  }
  const strategy = strategies.get(name);
  if (!strategy)
    return `There is no strategy ${name}; there are ${[...strategies.keys(), "all", "any", "not"].join(", ")}.`;
  const read = strategy.read(given);
  return typeof read === "string" ? `${name}: ${read}` : fenced(read);
}

function negated(part: Criterion): Criterion {
  return {
    needs: part.needs,
    holds(facts) {
      const inner = part.holds(facts);
      return inner === undefined ? undefined : !inner;
    },
    placesAdded: (source, places) => negatedEffect(placeEffectOf(part, source, places)),
  };
}

/** `any` ends with the first part that holds, `all` with the first that does not; without one, what is open stays open. */
function combined(parts: readonly Criterion[], deciding: boolean): Criterion {
  return {
    needs: unitedNeeds(parts.map(({ needs }) => needs)),
    holds(facts) {
      const told = parts.map((part) => part.holds(facts));
      if (told.includes(deciding)) return deciding;
      return told.includes(undefined) ? undefined : !deciding;
    },
    placesAdded(source, places) {
      const effects = parts.map((part) => placeEffectOf(part, source, places));
      return combinedEffect(effects, deciding);
    },
  };
}

/** A strategy that throws has not been evaluated; whose fault it is does not matter to the patient. */
function fenced(criterion: Criterion): Criterion {
  return {
    needs: criterion.needs,
    holds(facts) {
      try {
        return criterion.holds(facts);
      } catch {
        return undefined;
      }
    },
    placesAdded(source, places) {
      try {
        return placeEffectOf(criterion, source, places);
      } catch {
        return "open";
      }
    },
  };
}
