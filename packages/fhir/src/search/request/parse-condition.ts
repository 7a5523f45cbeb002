import { isResourceType } from "../../definitions/resource-types.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { isResourceId } from "../../model/resource-key.ts";
import { type ParameterKind, tableOf } from "../parameter/parameter-kind.ts";
import { findParameter, identifierPath, type SearchParameter, typeIndexOf } from "../parameter/search-parameter.ts";
import type { Condition } from "./condition.ts";
import { type ParameterName, parseParameterName } from "./parameter-name.ts";
import { parseDateTest, parseTokenTest, parseValueTest, type ValueContext } from "./parse-value-test.ts";
import { splitAlternatives, withoutEscapes } from "./split-values.ts";

/** A parameter that this server does not have; the request goes on without it unless it asked for strict handling. */
export interface UnknownParameter {
  readonly kind: "unknown";
  /** A full sentence for the client. */
  readonly reason: string;
}

/** Where the conditions of a request are read. */
export interface ConditionContext {
  readonly now: number;
  readonly baseUrl: string | undefined;
}

/** The modifiers that each kind of parameter has, besides `:missing` and, for references, a resource type. */
const modifiersOf: Readonly<Record<ParameterKind, readonly string[]>> = {
  token: ["not"],
  string: ["exact", "contains"],
  reference: ["identifier"],
  uri: ["below", "above"],
  date: [],
  quantity: [],
  number: [],
};

/**
 * Reads one parameter of a search into what it asks. Values and modifiers that cannot be are refused with 400.
 * See https://hl7.org/fhir/R4/search.html
 */
export function parseCondition(
  resourceType: string,
  fullName: string,
  value: string,
  context: ConditionContext,
): Condition | UnknownParameter {
  if (fullName.startsWith("_has:")) return parseReverseChain(resourceType, fullName, value, context);
  const name = parseParameterName(fullName);
  if (name.code === "_id") return parseIds(name, value);
  if (name.code === "_lastUpdated") return parseLastUpdated(name, value, context);
  const parameter = findParameter(resourceType, name.code);
  if (!parameter) return unknown(resourceType, name.code);
  if (name.chained !== undefined) return parseChain(parameter, name, name.chained, value, context);
  if (name.modifier === "missing") return parseMissing(parameter, name, value);
  return parseValues(resourceType, parameter, name, value, context);
}

function parseIds(name: ParameterName, value: string): Condition {
  refuseModifier(name, []);
  const ids = splitAlternatives(name.full, value).map(withoutEscapes);
  return { kind: "id", ids: ids.filter(isResourceId) };
}

function parseLastUpdated(name: ParameterName, value: string, context: ConditionContext): Condition {
  refuseModifier(name, []);
  const valueContext: ValueContext = { ...context, name: name.full, modifier: undefined };
  const anyOf = splitAlternatives(name.full, value).map((one) => parseDateTest(one, valueContext));
  return { kind: "last-updated", anyOf };
}

function parseMissing(parameter: SearchParameter, name: ParameterName, value: string): Condition {
  if (value !== "true" && value !== "false") {
    throw refusal(400, "value", `${name.full} is either true or false.`);
  }
  return { kind: "missing", table: tableOf[parameter.kind], sources: parameter.sources, isMissing: value === "true" };
}

function parseValues(
  resourceType: string,
  parameter: SearchParameter,
  name: ParameterName,
  value: string,
  context: ConditionContext,
): Condition {
  const { kind, sources } = parameter;
  const { modifier } = name;
  const isTarget = kind === "reference" && modifier !== undefined && isResourceType(modifier);
  if (!isTarget) refuseModifier(name, modifiersOf[kind], resourceType);
  const alternatives = splitAlternatives(name.full, value);
  if (modifier === "identifier") {
    const beside = sources.map(({ path }) => ({ path: identifierPath(path) }));
    const anyOf = alternatives.map(parseTokenTest);
    return { kind: "value", table: "search_token", sources: beside, anyOf, isNegated: false };
  }
  const valueContext: ValueContext = { ...context, name: name.full, modifier };
  const anyOf = alternatives.map((alternative) => parseValueTest(kind, alternative, valueContext));
  return { kind: "value", table: tableOf[kind], sources, anyOf, isNegated: modifier === "not" };
}

function parseChain(
  parameter: SearchParameter,
  name: ParameterName,
  chained: string,
  value: string,
  context: ConditionContext,
): Condition | UnknownParameter {
  if (parameter.kind !== "reference") {
    throw refusal(400, "invalid", `${name.full} goes on behind ${parameter.code}, which is no reference.`);
  }
  if (chained.includes(".")) {
    throw refusal(400, "not-supported", `${name.full} is a chain of several references; only one is supported.`);
  }
  if (name.modifier !== undefined && !isResourceType(name.modifier)) {
    throw refusal(400, "invalid", `${name.full} names ${name.modifier}, which is no resource type.`);
  }
  const targets: { type: string; condition: Condition }[] = [];
  for (const type of chainTargets(parameter, name.modifier)) {
    const condition = parseCondition(type, chained, value, context);
    if (condition.kind !== "unknown") targets.push({ type, condition });
  }
  if (targets.length > 0) return { kind: "chain", sources: parameter.sources, targets };
  return { kind: "unknown", reason: `No resource that ${parameter.code} refers to can be searched by ${chained}.` };
}

function chainTargets(parameter: SearchParameter, named: string | undefined): readonly string[] {
  if (named !== undefined) return [named];
  const filtered = parameter.sources.map(({ targetType }) => targetType);
  const only = filtered.filter((type) => type !== undefined);
  return only.length === filtered.length ? [...new Set(only)] : parameter.targets;
}

/** `_has:Observation:patient:code=1234`. See https://hl7.org/fhir/R4/search.html#has */
function parseReverseChain(
  resourceType: string,
  fullName: string,
  value: string,
  context: ConditionContext,
): Condition | UnknownParameter {
  const [, type = "", code = "", ...rest] = fullName.split(":");
  const inner = rest.join(":");
  if (!isResourceType(type) || inner === "") {
    throw refusal(400, "invalid", `${fullName} cannot be read; write _has:Type:reference:parameter.`);
  }
  if (inner.startsWith("_has") || inner.includes(".")) {
    throw refusal(400, "not-supported", `${fullName} is a chain of several references; only one is supported.`);
  }
  const parameter = findParameter(type, code);
  if (parameter?.kind !== "reference") {
    return { kind: "unknown", reason: `${type} has no reference parameter ${code}.` };
  }
  const sources = parameter.sources.filter(({ targetType }) => (targetType ?? resourceType) === resourceType);
  const condition = parseCondition(type, inner, value, context);
  return condition.kind === "unknown" ? condition : { kind: "reverse-chain", type, sources, condition };
}

/** Parameters of every resource that R4 gives no expression. */
const withoutExpression: ReadonlySet<string> = new Set(["_content", "_text", "_query", "_filter", "_list"]);

function unknown(resourceType: string, code: string): UnknownParameter {
  return typeIndexOf(resourceType).unsupported.has(code) || withoutExpression.has(code)
    ? { kind: "unknown", reason: `The parameter ${code} of ${resourceType} is not supported.` }
    : { kind: "unknown", reason: `${resourceType} has no search parameter ${code}.` };
}

function refuseModifier(
  { full, code, modifier, chained }: ParameterName,
  allowed: readonly string[],
  type?: string,
): void {
  if (chained !== undefined) throw refusal(400, "invalid", `${full} goes on behind ${code}, which is no reference.`);
  if (modifier === undefined || allowed.includes(modifier)) return;
  const known = type === undefined ? allowed : [...allowed, "missing"];
  const help = known.length > 0 ? `; it has ${known.map((one) => `:${one}`).join(", ")}` : "";
  throw refusal(400, "not-supported", `${full} has the modifier :${modifier}, which is not supported here${help}.`);
}
