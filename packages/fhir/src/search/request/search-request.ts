import type { PagePosition } from "../query/page-token.ts";
import type { Condition } from "./condition.ts";
import type { Include } from "./include.ts";
import type { SortKey } from "./sort-key.ts";

/** How much of each resource the client wants. See https://hl7.org/fhir/R4/search.html#summary */
export type SummaryMode = "true" | "text" | "data" | "count" | "false";

/** A parameter that was left out, with the reason for the client to read. */
export interface IgnoredParameter {
  readonly name: string;
  readonly reason: string;
}

/** A search, read and checked: everything in it can be done. */
export interface SearchRequest {
  readonly type: string;
  readonly conditions: readonly Condition[];
  readonly sort: readonly SortKey[];
  /** Matches of one page; 0 asks for the total alone. */
  readonly count: number;
  readonly includes: readonly Include[];
  readonly summary: SummaryMode;
  /** The elements wanted at the top of each resource; empty for all of them. */
  readonly elements: readonly string[];
  readonly total: "none" | "estimate" | "accurate";
  /** Where the page begins or ends; absent on the first page. */
  readonly page: PagePosition | undefined;
  /** The parameters that were used, in the order they came, without the page: the self link is made of them. */
  readonly applied: readonly (readonly [name: string, value: string])[];
  readonly ignored: readonly IgnoredParameter[];
}
