import {
  digitsOf,
  elementTable,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  validateResource,
} from "@tributary/fhir";
import { type ElementGroup, shapeOf } from "./element-groups.ts";
import { equalGroup, fragmentOf, replaceGroup } from "./fragment.ts";
import type { ObjectSides } from "./merge-members.ts";
import { type MergeRun, note } from "./merge-run.ts";

/**
 * Makes sure that two valid resources never become an invalid one: my values come back in the elements that do not go
 * together, which are then contested; where that does not help, the whole record is. If a side is invalid by itself,
 * there is nothing to keep, and the merged resource stays as it is.
 */
export function keepValid(merged: JsonObject, sides: ObjectSides, run: MergeRun): JsonObject {
  const { base, mine, theirs } = sides;
  if (merged === mine || merged === theirs) return merged;
  const problems = problemsOf(merged);
  if (problems.length === 0 || problemsOf(mine).length > 0 || problemsOf(theirs).length > 0) return merged;

  const reverted = { ...merged };
  for (const group of offendingGroups(run.type, problems)) {
    if (equalGroup(group, merged, mine)) continue;
    replaceGroup(group, reverted, mine);
    const path = `${run.type}.${group.name}`;
    dropInside(run, path);
    note(run, { path, elements: group.elements, because: "invalid-together", ...fragmentsOf(group, sides) }, "mine");
  }
  if (problemsOf(reverted).length === 0) return reverted;
  run.contested.length = 0;
  note(run, { path: run.type, elements: [], because: "invalid-together", base, mine, theirs }, "mine");
  return mine;
}

interface Problem {
  readonly code: string;
  readonly place: string;
}

function problemsOf(resource: JsonObject): Problem[] {
  return validateResource(withPlainNumbers(resource)).map(({ code, expression }) => ({
    code,
    place: expression?.[0] ?? "",
  }));
}

/** Elements named by a problem; for a problem of the whole those that its rules speak of, and what was referred to. */
function offendingGroups(type: string, problems: readonly Problem[]): ElementGroup[] {
  const shape = shapeOf(type);
  const rules = elementTable(type)?.presenceRules ?? [];
  const elements = problems.flatMap(({ code, place }) => {
    const [, element] = /^\w+\.(\w+)/.exec(place) ?? [];
    const named =
      element === undefined ? rules.flatMap((rule) => rule.alternatives.map((one) => one.element)) : [element];
    return code === "not-found" ? [...named, "contained"] : named;
  });
  return [...new Set(elements.map((element) => shape.groupOfElement(element)))];
}

function dropInside(run: MergeRun, path: string): void {
  const inside = [".", "["].map((next) => path + next);
  const kept = run.contested.filter((one) => one.path !== path && !inside.some((start) => one.path.startsWith(start)));
  run.contested.splice(0, run.contested.length, ...kept);
}

function fragmentsOf(group: ElementGroup, { base, mine, theirs }: ObjectSides) {
  return { base: fragmentOf(group, base), mine: fragmentOf(group, mine), theirs: fragmentOf(group, theirs) };
}

/** What `JSON.parse` would have given: numbers that were kept by their digits are numbers again. */
function withPlainNumbers(value: JsonObject): JsonObject;
function withPlainNumbers(value: JsonValue | undefined): JsonValue | undefined;
function withPlainNumbers(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === "string") {
    const digits = digitsOf(value);
    return digits === undefined ? value : Number(digits);
  }
  if (Array.isArray(value)) {
    const plain = value.map((item) => withPlainNumbers(item)!);
    return plain.some((item, index) => item !== value[index]) ? plain : value;
  }
  if (!isJsonObject(value)) return value;
  let plain = value;
  for (const name in value) {
    const member = withPlainNumbers(value[name]);
    if (member === value[name]) continue;
    if (plain === value) plain = { ...value };
    plain[name] = member;
  }
  return plain;
}
