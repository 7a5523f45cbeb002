import { searchParametersOf } from "../../definitions/search-parameters.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { pageSizeDefault, pageSizeMax } from "../../model/limits.ts";
import { parametersMax, testsMax } from "../../search/limits.ts";
import { parseDateTest } from "../../search/request/parse-value-test.ts";
import type { IgnoredParameter, SummaryMode } from "../../search/request/search-request.ts";
import { splitAlternatives, withoutEscapes } from "../../search/request/split-values.ts";
import type { ResourceView } from "../../search/summary/summarize.ts";
import type { VirtualCondition, VirtualSearch, VirtualType } from "./virtual-type.ts";

/** A search of a virtual type, with what the answer needs besides. */
export interface ParsedVirtualSearch extends VirtualSearch {
  readonly view: ResourceView;
  /** What the self link is made of. */
  readonly applied: readonly (readonly [name: string, value: string])[];
  readonly ignored: readonly IgnoredParameter[];
}

/** The order that every search of a virtual type has; it may be asked for. */
const onlySorts: ReadonlySet<string> = new Set(["-date", "-_lastUpdated"]);
const formParameters: ReadonlySet<string> = new Set(["_format", "_pretty"]);
const summaryModes: ReadonlySet<string> = new Set(["true", "text", "data", "count", "false"]);
const totals: ReadonlySet<string> = new Set(["none", "estimate", "accurate"]);

/** Reads the parameters of a search on a virtual type; refuses with 400 what cannot be meant. */
export function parseVirtualSearch(
  type: string,
  virtual: VirtualType,
  parameters: URLSearchParams,
  context: { readonly base: string; readonly isStrict: boolean; readonly now: number },
): ParsedVirtualSearch {
  if (parameters.size > parametersMax) {
    throw refusal(400, "too-costly", `A search has at most ${parametersMax} parameters.`);
  }
  const conditions: VirtualCondition[] = [];
  const applied: [string, string][] = [];
  const ignored: IgnoredParameter[] = [];
  let count = pageSizeDefault;
  let page: string | undefined;
  let wantsTotal = false;
  let summary: SummaryMode = "false";
  let elements: readonly string[] = [];
  const ignore = (name: string, reason: string) => {
    if (context.isStrict) throw refusal(400, "not-supported", `${reason} Leave it out.`);
    ignored.push({ name, reason });
  };
  for (const [name, value] of parameters) {
    if (formParameters.has(name)) continue;
    if (name === "_page") {
      page = value;
      continue;
    }
    const ignoredBefore = ignored.length;
    if (name === "_count") count = readCount(value);
    else if (name === "_total") wantsTotal = oneOf(name, value, totals) !== "none";
    else if (name === "_summary") summary = oneOf(name, value, summaryModes) as SummaryMode;
    else if (name === "_elements") elements = splitAlternatives(name, value);
    else if (name === "_sort") {
      if (!onlySorts.has(value)) ignore(name, `${type} comes with the latest first (_sort=-date), and not otherwise.`);
    } else {
      const condition = readCondition(type, virtual, name, value, context.now);
      if (condition) conditions.push(condition);
      else ignore(name, `${type} cannot be searched by ${name} here.`);
    }
    if (ignored.length === ignoredBefore) applied.push([name, value]);
  }
  if (conditions.reduce((sum, { anyOf }) => sum + anyOf.length, 0) > testsMax) {
    throw refusal(400, "too-costly", "The search has too many values; split it into several searches.");
  }
  if (summary === "count") [count, wantsTotal] = [0, true];
  return {
    base: context.base,
    conditions,
    count,
    page,
    wantsTotal,
    view: { summary, elements },
    applied,
    ignored,
  };
}

function readCondition(
  type: string,
  virtual: VirtualType,
  name: string,
  value: string,
  now: number,
): VirtualCondition | undefined {
  const [code = "", modifier] = name.split(":");
  const definition = searchParametersOf(type).find((one) => one.code === code);
  if (!definition || !virtual.parameters.some((one) => one.code === code) || /^,*$/.test(value)) return undefined;
  if (modifier !== undefined && !allowsModifier(definition, modifier)) {
    throw refusal(400, "not-supported", `${name} has the modifier :${modifier}, which is not supported here.`);
  }
  const alternatives = splitAlternatives(name, value);
  if (definition.type === "date") {
    const context = { name, modifier: undefined, now, baseUrl: undefined };
    return { kind: "date", code, anyOf: alternatives.map((one) => parseDateTest(one, context)) };
  }
  const texts = alternatives.map(withoutEscapes);
  const isTyped = definition.type === "reference" && modifier !== undefined && modifier !== "identifier";
  return { kind: "text", code, anyOf: isTyped ? texts.map((id) => `${modifier}/${id}`) : texts };
}

function allowsModifier(
  { type, targets = [] }: { readonly type: string; readonly targets?: readonly string[] },
  modifier: string,
): boolean {
  if (type === "string") return modifier === "exact";
  return type === "reference" && (modifier === "identifier" || targets.includes(modifier) || targets.includes("*"));
}

function readCount(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw refusal(400, "value", "_count is a whole number, 0 or more.");
  return Math.min(Number(value), pageSizeMax);
}

function oneOf(name: string, value: string, allowed: ReadonlySet<string>): string {
  if (allowed.has(value)) return value;
  throw refusal(400, "value", `${name} is one of ${[...allowed].join(", ")}.`);
}
