import type { CodeSystemConcept, ValueSet, ValueSetComposeInclude } from "@medplum/fhirtypes";
import { valueSetKey } from "./element-tables.ts";
import type { R4Source } from "./r4-source.ts";

/** Codes by code system, of each value set that a required binding names. */
export type RequiredCodes = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Expands the value sets of the required bindings.
 *
 * A value set is left out, and its elements go unchecked, when it cannot be listed from the definitions alone: media
 * types, units of measure, currencies, and lists that belong to others.
 */
export function makeRequiredCodes(source: R4Source): { readonly codes: RequiredCodes; readonly unchecked: string[] } {
  const codes: Record<string, Record<string, string[]>> = {};
  const unchecked = new Set<string>();
  for (const canonical of requiredValueSets(source)) {
    const url = canonical.split("|")[0]!;
    const expanded = expand(source, source.valueSets.get(url));
    if (expanded) codes[valueSetKey(canonical)] = toSortedRecord(expanded);
    else unchecked.add(url);
  }
  return { codes: Object.fromEntries(Object.entries(codes).sort(byKey)), unchecked: [...unchecked].sort() };
}

function requiredValueSets(source: R4Source): Set<string> {
  const found = new Set<string>();
  for (const structure of source.structures) {
    for (const element of structure.snapshot!.element) {
      if (element.binding?.strength === "required" && element.binding.valueSet) found.add(element.binding.valueSet);
    }
  }
  return found;
}

type Expansion = Map<string, Set<string>>;

function expand(source: R4Source, valueSet: ValueSet | undefined): Expansion | undefined {
  if (!valueSet?.compose || valueSet.compose.exclude) return undefined;
  const all: Expansion = new Map();
  for (const include of valueSet.compose.include) {
    const part = expandInclude(source, include);
    if (!part) return undefined;
    for (const [system, codes] of part) all.set(system, new Set([...(all.get(system) ?? []), ...codes]));
  }
  return all;
}

function expandInclude(source: R4Source, include: ValueSetComposeInclude): Expansion | undefined {
  if (include.filter) return undefined;
  if (!include.system) {
    const [only, ...others] = include.valueSet ?? [];
    return only && others.length === 0 ? expand(source, source.valueSets.get(only.split("|")[0]!)) : undefined;
  }
  if (include.concept) return new Map([[include.system, new Set(include.concept.map((concept) => concept.code!))]]);
  const codeSystem = source.codeSystems.get(include.system);
  if (codeSystem?.content !== "complete" || !codeSystem.concept) return undefined;
  return new Map([[include.system, new Set(codesOf(codeSystem.concept))]]);
}

function codesOf(concepts: readonly CodeSystemConcept[]): string[] {
  return concepts.flatMap((concept) => [concept.code!, ...codesOf(concept.concept ?? [])]);
}

function toSortedRecord(expansion: Expansion): Record<string, string[]> {
  return Object.fromEntries([...expansion].map(([system, codes]) => [system, [...codes].sort()] as const).sort(byKey));
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
