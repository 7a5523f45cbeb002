/** The types of search parameters that are indexed. See https://hl7.org/fhir/R4/search.html#ptypes */
export type ParameterKind = "token" | "string" | "reference" | "date" | "quantity" | "number" | "uri";

/** The tables of the index; numbers lie with the quantities and URIs with the tokens. */
export type IndexTable = "search_token" | "search_string" | "search_reference" | "search_date" | "search_quantity";

/** Where the values of each kind of parameter lie. */
export const tableOf: Readonly<Record<ParameterKind, IndexTable>> = {
  token: "search_token",
  uri: "search_token",
  string: "search_string",
  reference: "search_reference",
  date: "search_date",
  quantity: "search_quantity",
  number: "search_quantity",
};

/** The types that an element may have for a parameter of each kind, where an expression leaves a choice open. */
export const typesOf: Readonly<Record<ParameterKind, readonly string[]>> = {
  token: ["CodeableConcept", "Coding", "code", "boolean", "Identifier", "uri"],
  uri: ["uri", "canonical", "url"],
  string: ["string", "markdown"],
  reference: ["Reference", "canonical", "uri"],
  date: ["dateTime", "Period", "Timing", "instant", "date"],
  quantity: ["Quantity", "Age", "Duration", "Range", "Money"],
  number: ["decimal", "integer", "positiveInt", "unsignedInt", "Range"],
};
