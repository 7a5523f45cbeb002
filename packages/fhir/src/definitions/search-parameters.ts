import { generatedTable } from "./generated-table.ts";
import { isResourceType, resourceTypes } from "./resource-types.ts";

/** A search parameter as R4 defines it for one resource type. See https://hl7.org/fhir/R4/searchparameter-registry.html */
export interface SearchParameterDefinition {
  /** The name in a search, `birthdate`. */
  readonly code: string;
  readonly type: "token" | "string" | "reference" | "date" | "quantity" | "uri" | "number" | "composite" | "special";
  /** FHIRPath; of a parameter that several types share only the alternatives that begin at this type. */
  readonly expression: string;
  /** For a reference: the resource types that it may lead to. */
  readonly targets?: readonly string[];
  /** The canonical address. */
  readonly url: string;
  readonly description?: string;
}

type Row = readonly [
  code: string,
  type: SearchParameterDefinition["type"],
  expression: string,
  lastPartOfUrl: string,
  description: string,
  targets: string,
];

const generated = generatedTable<Readonly<Record<string, readonly Row[]>>>("search-parameters");
const definitions = new Map<string, readonly SearchParameterDefinition[]>();

/**
 * What a resource type can be searched by, in alphabetical order, those of every resource (`_id`, `_lastUpdated` …)
 * included; empty for a name that is no resource type. Parameters that have no expression (`_content`, `_text`,
 * `_query`) are not among them.
 */
export function searchParametersOf(type: string): readonly SearchParameterDefinition[] {
  if (!isResourceType(type)) return [];
  let found = definitions.get(type);
  if (!found) {
    const common = generated()["Resource"] ?? [];
    found = [...common, ...(generated()[type] ?? [])].map((row) => readRow(type, row));
    definitions.set(type, found);
  }
  return found;
}

function readRow(type: string, [code, kind, expression, lastPartOfUrl, description, targets]: Row) {
  return {
    code,
    type: kind,
    expression: expression.replace(/^Resource\./, `${type}.`),
    url: `http://hl7.org/fhir/SearchParameter/${lastPartOfUrl}`,
    ...(description && { description }),
    ...(targets && { targets: targets === "*" ? resourceTypes : targets.split(",") }),
  };
}
