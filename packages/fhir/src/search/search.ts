import type { Reader } from "@tributary/database";
import type { Issue } from "../model/issue.ts";
import type { FoundResource } from "./query/load-rows.ts";
import type { IgnoredParameter, SearchRequest } from "./request/search-request.ts";

/** What a search found, for a Bundle of type `searchset`. */
export interface SearchResult {
  /** In the order that was asked for. */
  readonly matches: readonly FoundResource[];
  readonly includes: readonly FoundResource[];
  /** How many match in all, at this moment; only when it was asked for or is known anyway. */
  readonly total?: number;
  /** The token of the page behind this one. */
  readonly next?: string;
  /** The token of the page in front of this one. */
  readonly previous?: string;
  readonly ignored: readonly IgnoredParameter[];
  /** What the client must know about the answer, as an entry of mode `outcome`: ignored parameters, left-out includes. */
  readonly issues: readonly Issue[];
}

/**
 * Does a search. Hand in a snapshot, so that its few statements see one state; resources deleted at that moment are
 * never found. See https://hl7.org/fhir/R4/search.html
 */
export async function search(reader: Reader, request: SearchRequest): Promise<SearchResult> {
  // Composing statements takes a library that is dear to load; a child that only pulls never needs it.
  const { runSearch } = await import("./run-search.ts");
  return runSearch(reader, request);
}
