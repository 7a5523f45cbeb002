import { generatedTable } from "./generated-table.ts";

/** The codes of one value set. */
export interface RequiredCodes {
  /** All codes, whatever their code system, for elements that carry a code alone. */
  readonly codes: ReadonlySet<string>;
  /** The codes of each code system. */
  readonly bySystem: ReadonlyMap<string, ReadonlySet<string>>;
}

const generated =
  generatedTable<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>("required-codes");
const valueSets = new Map<string, RequiredCodes>();

/**
 * The codes that a required binding allows; `undefined` for the few value sets that cannot be listed and so are not
 * checked: media types, units of measure, currencies, and one list of LOINC answers.
 * See https://hl7.org/fhir/R4/terminologies.html#required
 */
export function requiredCodes(valueSetKey: string): RequiredCodes | undefined {
  let valueSet = valueSets.get(valueSetKey);
  if (!valueSet && Object.hasOwn(generated(), valueSetKey)) {
    const bySystem = Object.entries(generated()[valueSetKey]!);
    valueSet = {
      codes: new Set(bySystem.flatMap(([, codes]) => codes)),
      bySystem: new Map(bySystem.map(([system, codes]) => [system, new Set(codes)])),
    };
    valueSets.set(valueSetKey, valueSet);
  }
  return valueSet;
}
