import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseLossless,
  stringifyLossless,
  validateResource,
} from "@tributary/fhir";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "./content/canonical-text.ts";
import { equalContent } from "./content/equal-content.ts";
import type { ContestedElement } from "./contested-element.ts";
import { type MergeResult, mergeResources } from "./merge-resources.ts";
import type { PolicyRule } from "./policy/merge-policy.ts";
import { type Edited, editedRecord } from "./testing/arbitrary-records.ts";

const runs = { numRuns: 1_000 };
/** Leaves everything to its elements, so that the laws of merging are asked of every type. */
const mergeAll: readonly PolicyRule[] = [
  { type: "*", policy: "merge" },
  { type: "*", element: "*", policy: "merge" },
];
const rules = fc.constantFrom(mergeAll, [], [{ type: "*", element: "*", policy: "manual" } as const]);

describe("a merge of any two versions", () => {
  it("[S19] is the same whenever it is done, and changes nothing that it is given", () => {
    holds((sides, policies) => {
      const before = JSON.stringify(sides);

      const [first, second] = [
        mergeResources({ ...sides, policies }),
        mergeResources({ ...structuredClone(sides), policies }),
      ];

      expect(first).toEqual(second);
      expect(JSON.stringify(sides)).toBe(before);
    });
  });

  it("[S20] takes whole what only one side changed", () => {
    holds(({ base, mine }, policies) => {
      const incoming = mergeResources({ base, mine: base, theirs: mine, policies });
      const kept = mergeResources({ base, mine, theirs: base, policies });
      const agreed = mergeResources({ base, mine, theirs: structuredClone(mine), policies });

      for (const result of [incoming, kept, agreed]) {
        expect(comparable(result.merged)).toBe(comparable(mine));
        expect(result.contested).toEqual([]);
      }
      expect(kept.merged).toBe(mine);
    });
  });

  it("[S20] takes disjoint changes from both sides, whichever is called mine", () => {
    holds(({ base, mine, theirs }, policies) => {
      const disjoint = Object.fromEntries(
        [...new Set([...Object.keys(base), ...Object.keys(theirs)])].flatMap((name) => {
          const value = isChangedTogether(name, base, mine) ? base[name] : theirs[name];
          return value === undefined ? [] : [[name, value] as const];
        }),
      ) as JsonObject;
      if (isWholeRecordRule(policies, base)) return;
      if (validateAll(disjoint) > 0) return;

      const one = mergeResources({ base, mine, theirs: disjoint, policies });
      const other = mergeResources({ base, mine: disjoint, theirs: mine, policies });

      expect(comparable(one.merged)).toBe(comparable(other.merged));
      expect(one.contested.filter(({ because }) => because !== "invalid-together")).toEqual([]);
    });
  });

  it("[S19] names the same contested elements and values whichever side is called mine", () => {
    holds((sides, policies) => {
      const one = mergeResources({ ...sides, policies });
      const other = mergeResources({ base: sides.base, mine: sides.theirs, theirs: sides.mine, policies });

      const swapped = other.contested.map((entry) => ({ ...entry, mine: entry.theirs, theirs: entry.mine }));
      const facts = ({ path, elements, because, base, mine, theirs }: ContestedElement) =>
        canonicalText({ path, elements: [...elements], because, base, mine, theirs });
      expect(one.contested.filter(isOpen).map(facts)).toEqual(swapped.filter(isOpen).map(facts));
      if (one.contested.length === 0) expect(comparable(one.merged)).toBe(comparable(other.merged));
    });
  });

  it("[S19] done again with what is merged already adds nothing", () => {
    holds(({ base, mine, theirs }, policies) => {
      const { merged, contested } = mergeResources({ base, mine, theirs, policies });
      if (merged === "deleted") throw new Error("Nobody deleted it.");
      // Twins in one list cannot be told apart, so that one of them can be removed twice.
      if (
        [base, mine, theirs, merged].some(hasTwins) ||
        contested.some(({ because }) => because === "invalid-together")
      )
        return;

      const again = mergeResources({ base, mine: merged, theirs, policies });

      expect(comparable(again.merged)).toBe(comparable(merged));
    });
  });

  it("[S21] holds no value that neither side has", () => {
    holds(({ base, mine, theirs }, policies) => {
      const { merged } = mergeResources({ base, mine, theirs, policies });

      const written = new Set([...leavesOf(mine), ...leavesOf(theirs)]);
      expect(leavesOf(merged as JsonObject).filter((leaf) => !written.has(leaf))).toEqual([]);
    });
  });

  it("[S22] loses nothing: what a side changed is in the merged body or in a contested element", () => {
    holds(({ base, mine, theirs }, policies) => {
      const result = mergeResources({ base, mine, theirs, policies });

      const kept = keptLeaves(result);
      const known = new Set(leavesOf(base));
      for (const side of [mine, theirs]) {
        expect(leavesOf(side).filter((leaf) => !known.has(leaf) && !kept.has(leaf))).toEqual([]);
      }
    });
  });

  it("[S22] without a base shows or keeps every value of both sides, and contests every difference", () => {
    holds(({ mine, theirs }, policies) => {
      const result = mergeResources({ mine, theirs, policies });

      const kept = keptLeaves(result);
      expect([...leavesOf(mine), ...leavesOf(theirs)].filter((leaf) => !kept.has(leaf))).toEqual([]);
      expect(result.contested.length > 0 || comparable(mine) === comparable(theirs)).toBe(true);
    });
  });

  it("[S23] is valid when both versions are", () => {
    holds((sides, policies) => {
      const valid = [sides.mine, sides.theirs].every((side) => validateAll(side) === 0);

      const { merged } = mergeResources({ ...sides, policies });

      if (valid) expect(validateAll(merged as JsonObject)).toBe(0);
    });
  });

  it("[S24] shows in every contested element the value that it says it shows", () => {
    holds((sides, policies) => {
      const { merged, contested } = mergeResources({ ...sides, policies });

      const shown = new Set(leavesOf(merged as JsonObject).map(valueOfLeaf));
      for (const entry of contested) {
        if (entry.shown === "other") throw new Error("No strategy was asked.");
        const sidesShown = entry.shown === "both" ? [entry.mine, entry.theirs] : [entry[entry.shown]];
        const values = sidesShown.flatMap((side) => (side ? leavesOf(side).map(valueOfLeaf) : []));
        expect(values.filter((value) => !shown.has(value))).toEqual([]);
      }
    });
  });
});

function holds(law: (sides: Edited, policies: readonly PolicyRule[]) => void): void {
  fc.assert(fc.property(editedRecord, rules, law), runs);
}

function isOpen({ settledBy }: ContestedElement): boolean {
  return settledBy === undefined;
}

function isWholeRecordRule(policies: readonly PolicyRule[], { resourceType }: JsonObject): boolean {
  return policies !== mergeAll && ["Observation", "Organization"].includes(String(resourceType));
}

/** Whether a member belongs to something that mine changed; those that go together are told by a merge of their own. */
function isChangedTogether(name: string, base: JsonObject, mine: JsonObject): boolean {
  const couples = [
    ["clinicalStatus", "verificationStatus"],
    ["status", "statusReason", "scope", "policyRule"],
    ["medicationCodeableConcept", "medicationReference", "doNotPerform", "dosageInstruction"],
    ["valueQuantity", "valueString", "dataAbsentReason"],
    ["deceasedBoolean", "deceasedDateTime"],
    ["onsetDateTime", "onsetString"],
    ["birthDate", "_birthDate"],
  ];
  const together = couples.find((couple) => couple.includes(name)) ?? [name];
  return together.some((one) => !equalContent(base[one], mine[one]));
}

function hasTwins(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return new Set(value.map(twinKey)).size < value.length || value.some(hasTwins);
  return isJsonObject(value) && Object.values(value).some(hasTwins);
}

/** Identifiers of one system and value are the same identifier, whatever else they say. */
function twinKey(item: JsonValue): string {
  const isIdentifier = isJsonObject(item) && item["system"] !== undefined && item["value"] !== undefined;
  return canonicalText(isIdentifier ? { system: item["system"], value: item["value"] } : item);
}

function validateAll(resource: JsonObject): number {
  return validateResource(JSON.parse(stringifyLossless(resource))).length;
}

/** The content without regard to the order of list items, and without the version that `meta` tells. */
function comparable(value: JsonValue): string {
  return canonicalText(sorted(value, "")!);
}

function sorted(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => sorted(item, "")!).sort((a, b) => (canonicalText(a) < canonicalText(b) ? -1 : 1));
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value)
    .filter(([member]) => name !== "meta" || member !== "versionId")
    .map(([member, one]) => [member, sorted(one, member)] as const)
    .filter(([, one]) => one !== undefined);
  return name === "meta" && members.length === 0 ? undefined : (Object.fromEntries(members) as JsonObject);
}

/** Every bare value with the names that lead to it, without the places in lists. */
function leavesOf(value: JsonValue | undefined, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, path));
  if (!isJsonObject(value)) return value === undefined ? [] : [`${path}=${canonicalText(value)}`];
  return Object.entries(value).flatMap(([name, member]) =>
    path === ".meta" && name === "versionId" ? [] : leavesOf(member, `${path}.${name}`),
  );
}

/** What is in the merged body, or in a contested element under the path that its fragment has in the resource. */
function keptLeaves({ merged, contested }: MergeResult): Set<string> {
  const fragments = contested.flatMap(({ path, mine, theirs }) => {
    const plain = path
      .replace(/\.where\((?:'(?:\\.|[^'\\])*'|[^'()]|\((?:'(?:\\.|[^'\\])*'|[^'()])*\))*\)/g, "")
      .replace(/\[#\w+\]/g, "");
    const holder = plain.includes(".") ? plain.slice(plain.indexOf("."), plain.lastIndexOf(".")) : "";
    return [mine, theirs].flatMap((side) => (side ? leavesOf(side, holder) : []));
  });
  return new Set([...leavesOf(merged as JsonObject), ...fragments]);
}

function valueOfLeaf(leaf: string): string {
  return leaf.slice(leaf.indexOf("=") + 1);
}

it("[S19] the digits of a decimal are its content", () => {
  const of = (value: string) => parseLossless(`{"resourceType":"Basic","valueDecimal":${value}}`) as JsonObject;

  const { merged, contested } = mergeResources({ base: of("1.0"), mine: of("1.00"), theirs: of("1.0") });

  expect(stringifyLossless(merged as JsonObject)).toContain("1.00");
  expect(contested).toEqual([]);
});
