import { refusal } from "../../model/fhir-refusal.ts";
import { uriStepsMax } from "../limits.ts";
import type { ParameterKind } from "../parameter/parameter-kind.ts";
import { parseDateRange } from "../values/date-range.ts";
import { parseDecimalRange } from "../values/decimal-range.ts";
import { foldText } from "../values/fold-text.ts";
import { hashText } from "../values/hash-text.ts";
import { indexedBeginning, indexedKey } from "../values/indexed-text.ts";
import { parseTarget } from "../values/reference-values.ts";
import { impliedSystem, noSystem, systemNumber } from "../values/token-values.ts";
import type { DateTest, QuantityTest, ReferenceTest, StringTest, TokenTest, UriTest, ValueTest } from "./condition.ts";
import { parseComparison } from "./parse-comparison.ts";
import { splitParts, withoutEscapes } from "./split-values.ts";

/** What reading a value needs to know besides the value. */
export interface ValueContext {
  /** The parameter as the client wrote it, for messages. */
  readonly name: string;
  readonly modifier: string | undefined;
  /** Now, in milliseconds since 1970: `ap` takes a tenth of the distance to it. */
  readonly now: number;
  /** The address of this server's FHIR API, without a slash at its end; references that start with it are relative. */
  readonly baseUrl: string | undefined;
}

/** Reads one value of a parameter; refuses with 400 what its kind does not allow. */
export function parseValueTest(kind: ParameterKind, alternative: string, context: ValueContext): ValueTest {
  switch (kind) {
    case "token":
      return parseTokenTest(alternative);
    case "string":
      return parseStringTest(alternative, context);
    case "reference":
      return parseReferenceTest(alternative, context);
    case "date":
      return parseDateTest(alternative, context);
    case "quantity":
    case "number":
      return parseQuantityTest(kind, alternative, context);
    case "uri":
      return parseUriTest(alternative, context);
  }
}

/** `code`, `system|code`, `|code` (no system) or `system|` (any code). */
export function parseTokenTest(alternative: string): TokenTest {
  const [first = "", ...others] = splitParts(alternative);
  if (others.length === 0) return { kind: "token", code: indexedKey(first) };
  const code = others.join("|");
  if (first === "") return { kind: "token", code: indexedKey(code), systems: [noSystem, impliedSystem] };
  if (code === "") return { kind: "token", systems: [systemNumber(first)] };
  return { kind: "token", code: indexedKey(code), systems: [systemNumber(first), impliedSystem] };
}

/** A date with a prefix; shared with `_lastUpdated`. */
export function parseDateTest(alternative: string, { name, now }: ValueContext): DateTest {
  const { comparison, rest } = parseComparison(name, withoutEscapes(alternative));
  // A plus that was not encoded arrives as a space.
  const range = parseDateRange(rest.replace(" ", "+"));
  if (!range) {
    throw refusal(400, "value", `${name} is no date; write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.`);
  }
  if (comparison !== "ap") return { kind: "date", comparison, ...range };
  const slack = Math.round(Math.abs(now - range.low) / 10);
  return { kind: "date", comparison, low: range.low - slack, high: range.high + slack };
}

function parseStringTest(alternative: string, { modifier }: ValueContext): StringTest {
  const text = withoutEscapes(alternative);
  const mode = modifier === "exact" || modifier === "contains" ? modifier : "starts";
  return { kind: "string", mode, folded: indexedBeginning(foldText(text)), exact: hashText(text) };
}

function parseReferenceTest(alternative: string, { name, modifier, baseUrl }: ValueContext): ReferenceTest {
  let text = withoutEscapes(alternative);
  if (baseUrl !== undefined && text.startsWith(`${baseUrl}/`)) text = text.slice(baseUrl.length + 1);
  const type = modifier;
  if (/^[A-Za-z0-9.-]{1,64}$/.test(text))
    return type === undefined ? { kind: "reference", id: text } : { kind: "reference", type, id: text };
  const target = parseTarget(text);
  if (!target || !/[/:]/.test(text)) {
    throw refusal(400, "value", `${name} is no reference; write an id, Type/id, or an absolute URL.`);
  }
  if (type !== undefined && target.type !== "" && target.type !== type) {
    throw refusal(400, "value", `${name} names the type ${type} and refers to another one; write only one of them.`);
  }
  const isHere = !target.id.includes("/") && target.type !== "";
  return isHere ? { kind: "reference", ...target } : { kind: "reference", id: indexedKey(target.id) };
}

function parseQuantityTest(kind: "quantity" | "number", alternative: string, { name }: ValueContext): QuantityTest {
  const [number = "", system, code, ...others] = splitParts(alternative);
  const { comparison, rest } = parseComparison(name, number);
  const range = parseDecimalRange(rest);
  if (!range || others.length > 0 || (kind === "number" && system !== undefined)) {
    const form =
      kind === "number" ? "a number, 5.4" : "a number, or number|system|code, 5.4|http://unitsofmeasure.org|mg";
    throw refusal(400, "value", `${name} cannot be read; write ${form}.`);
  }
  const bounds = comparison === "ap" ? approximately(range.value) : { low: range.low, high: range.high };
  return {
    kind: "quantity",
    comparison,
    value: range.value,
    ...bounds,
    ...(system ? { system: systemNumber(system) } : {}),
    ...(code ? { code: indexedKey(code) } : {}),
  };
}

function approximately(value: number): { low: number; high: number } {
  const slack = Math.abs(value) / 10;
  return { low: value - slack, high: value + slack };
}

function parseUriTest(alternative: string, { name, modifier }: ValueContext): UriTest {
  const uri = withoutEscapes(alternative);
  if (modifier === "below") return { kind: "uri", mode: modifier, uri: indexedBeginning(uri) };
  if (modifier !== "above") return { kind: "uri", mode: "exact", uri: indexedKey(uri) };
  if (uri.split("/").length > uriStepsMax) {
    throw refusal(400, "too-long", `The path of ${name} has more than ${uriStepsMax} steps.`);
  }
  return { kind: "uri", mode: modifier, uri };
}
