import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInStrategies } from "../strategies/built-in-strategies.ts";
import { readRule } from "./catchment-rule.ts";
import type { CatchmentStrategy } from "./catchment-strategy.ts";
import type { PatientFacts, PlaceSource } from "./patient-facts.ts";
import { placeEffectOf } from "./place-effect.ts";

/** A site's own strategy, which says nothing of places added: it wants exactly one place of an encounter. */
const once: CatchmentStrategy = {
  name: "once",
  read: () => ({ needs: { places: ["encounter"] }, holds: ({ places }) => places?.encounter?.size === 1 }),
};

const aPlace = fc.constantFrom("Location/a", "Location/b", "Location/c", "Organization/d");
const somePlaces = fc.uniqueArray(aPlace, { maxLength: 3 }).map((places) => new Set<string>(places));
const aSource = fc.constantFrom<PlaceSource>("encounter", "enrolment");
const aLeaf = fc.oneof(
  fc.record({
    location: fc.record({
      within: fc.uniqueArray(aPlace, { minLength: 1, maxLength: 2 }),
      by: fc.uniqueArray(aSource, { minLength: 1, maxLength: 2 }),
    }),
  }),
  fc.constantFrom({ list: ["p1"] }, { list: ["p2"] }, { once: 1 }),
);
const aRule = fc.letrec((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3 },
    aLeaf,
    fc.record({ all: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("rule") }),
  ),
})).rule;

function factsOf(places: PatientFacts["places"]): PatientFacts {
  return {
    patient: "p1",
    body: { resourceType: "Patient", id: "p1" },
    places,
    careTeams: [],
    groups: new Map(),
    searches: new Map(),
    originNode: undefined,
  };
}

describe("what a further place does to a rule", () => {
  it("[S103] is what asking about all places says, wherever it is known without asking", () => {
    fc.assert(
      fc.property(aRule, somePlaces, somePlaces, somePlaces, aSource, (rule, encounter, enrolment, added, source) => {
        const criterion = readRule(rule, [...builtInStrategies, once]);
        if (typeof criterion === "string") throw new Error(criterion);
        const before = { encounter, enrolment };
        const after = { ...before, [source]: new Set([...before[source as keyof typeof before], ...added]) };

        const effect = placeEffectOf(criterion, source, added);

        const answer = criterion.holds(factsOf(after));
        if (effect === "none") expect(answer).toBe(criterion.holds(factsOf(before)));
        if (effect === "holds") expect(answer).toBe(true);
        if (effect === "fails") expect(answer).toBe(false);
      }),
    );
  });

  it("[S103] is open for a strategy that does not tell, and for nothing else of a plain rule", () => {
    const effectOn = (rule: unknown, ...places: string[]) => {
      const criterion = readRule(rule, [...builtInStrategies, once]);
      return typeof criterion === "string" ? criterion : placeEffectOf(criterion, "encounter", new Set(places));
    };
    const within = { location: { within: ["Location/a"], by: ["encounter"] } };

    expect(effectOn({ once: 1 }, "Location/b")).toBe("open");
    expect(effectOn(within, "Location/b")).toBe("none");
    expect(effectOn(within, "Location/b", "Location/a")).toBe("holds");
    expect(effectOn({ not: within }, "Location/a")).toBe("fails");
    expect(effectOn({ all: [within, { list: ["p1"] }] }, "Location/a")).toBe("open");
    expect(effectOn({ location: { address: "Kenya" } }, "Location/a")).toBe("none");
  });
});
