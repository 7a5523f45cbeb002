import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { builtInStrategies } from "../strategies/built-in-strategies.ts";
import { readRule } from "./catchment-rule.ts";
import type { CatchmentStrategy } from "./catchment-strategy.ts";
import type { PatientFacts } from "./patient-facts.ts";

const facts: PatientFacts = {
  patient: "p1",
  body: { resourceType: "Patient", id: "p1" },
  places: {},
  careTeams: [],
  groups: new Map(),
  searches: new Map(),
  originNode: "centre",
};

/** A strategy whose answer stands in the rule: `{"says": true}`. */
const says: CatchmentStrategy = { name: "says", read: (given) => ({ needs: {}, holds: () => given as boolean }) };
const throws: CatchmentStrategy = {
  name: "throws",
  read: () => ({
    needs: {},
    holds: () => {
      throw new Error("a defect of the site's own code");
    },
  }),
};

function answerOf(rule: unknown): boolean | undefined | string {
  const criterion = readRule(rule, [...builtInStrategies, says, throws]);
  return typeof criterion === "string" ? criterion : criterion.holds(facts);
}

const yes = { says: true };
const no = { says: false };
const open = { says: undefined };

describe("a rule", () => {
  it("[S101] joins its parts by and, or and not", () => {
    expect(answerOf({ all: [yes, { not: no }, { any: [no, { list: ["p1"] }] }] })).toBe(true);
    expect(answerOf({ all: [yes, no] })).toBe(false);
    expect(answerOf({ any: [no, no] })).toBe(false);
  });

  it("[S102] is left open only where what cannot be evaluated decides", () => {
    expect(answerOf({ any: [open, yes] })).toBe(true);
    expect(answerOf({ all: [open, no] })).toBe(false);
    expect(answerOf({ all: [open, yes] })).toBeUndefined();
    expect(answerOf({ any: [open, no] })).toBeUndefined();
    expect(answerOf({ not: open })).toBeUndefined();
    expect(answerOf({ not: { throws: 1 } })).toBeUndefined();
  });

  it("[S102] with an open part never says yes where a definite one would say no", () => {
    const leaf = fc.constantFrom(yes, no, open);
    const rule = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record({ all: fc.array(tie("node"), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie("node"), { minLength: 1, maxLength: 3 }) }),
        fc.record({ not: tie("node") }),
      ),
    })).node;
    const settle = (part: unknown, as: boolean): unknown =>
      JSON.parse(JSON.stringify(part).replaceAll("{}", JSON.stringify({ says: as })));

    fc.assert(
      fc.property(rule, (given) => {
        const told = answerOf(given);
        if (told !== undefined)
          expect([answerOf(settle(given, true)), answerOf(settle(given, false))]).toEqual([told, told]);
      }),
    );
  });

  it("[S101] that cannot be read is refused with a sentence", () => {
    for (const rule of [null, {}, [], { list: ["a"], cohort: "Group/g" }, { nosuch: 1 }, { all: [] }, { not: 3 }]) {
      expect(answerOf(rule)).toMatch(/\.$/);
    }
    const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ not: inner }), yes);
    expect(answerOf(deep)).toMatch(/deep/);
    expect(answerOf({ any: Array.from({ length: 200 }, () => yes) })).toMatch(/parts/);
  });
});
