import type { SearchParameter } from "@medplum/fhirtypes";
import type { R4Source } from "./r4-source.ts";

/** One search parameter of one type: code, kind, expression, name within the address, description, targets. */
export type SearchParameterRow = readonly [string, string, string, string, string, string];

const addressStart = "http://hl7.org/fhir/SearchParameter/";
const descriptionLengthMax = 100;

/**
 * Gives each type its own rows: the expression and the description of a parameter that several types share are cut to
 * the part that speaks of the type. Parameters without an expression (`_content`, `_query`, `_text`) are left out.
 */
export function makeSearchParameters(source: R4Source): Record<string, SearchParameterRow[]> {
  const byType: Record<string, SearchParameterRow[]> = {};
  for (const parameter of source.searchParameters) {
    if (!parameter.expression) continue;
    for (const type of parameter.base ?? []) {
      byType[type] ??= [];
      byType[type].push(rowOf(parameter, type));
    }
  }
  for (const rows of Object.values(byType)) rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return Object.fromEntries(Object.entries(byType).sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

function rowOf(parameter: SearchParameter, type: string): SearchParameterRow {
  if (!parameter.url?.startsWith(addressStart))
    throw new Error(`The parameter ${parameter.id} has an unknown address.`);
  return [
    parameter.code!,
    parameter.type!,
    expressionFor(parameter, type),
    parameter.url.slice(addressStart.length),
    descriptionFor(parameter, type),
    targetsOf(parameter),
  ];
}

function expressionFor(parameter: SearchParameter, type: string): string {
  const alternatives = parameter
    .expression!.split(" | ")
    .map((one) => (/^[a-z]/.test(one) ? `${type}.${one}` : one))
    .filter((one) => new RegExp(`^\\(*${type}\\b`).test(one));
  if (alternatives.length === 0) throw new Error(`The parameter ${parameter.id} says nothing of ${type}.`);
  return alternatives.join(" | ");
}

/** `*` stands for every type, as in the published lists that name nearly all. */
function targetsOf(parameter: SearchParameter): string {
  const targets = parameter.target ?? [];
  return targets.length > 100 ? "*" : [...targets].sort().join(",");
}

function descriptionFor(parameter: SearchParameter, type: string): string {
  const all = parameter.description ?? "";
  const own = new RegExp(`\\* \\[${type}\\]\\([^)]*\\): ([^\\r\\n]*)`).exec(all)?.[1] ?? all;
  const line = own.replaceAll(/\s+/g, " ").trim();
  return line.length > descriptionLengthMax ? `${line.slice(0, descriptionLengthMax - 1)}…` : line;
}
