import type { Reader } from "@tributary/database";
import type { SearchRequest } from "./request/search-request.ts";
import type { SearchResult } from "./search-result.ts";

/**
 * Does a search. Hand in a snapshot, so that its few statements see one state; resources deleted at that moment are
 * never found. See https://hl7.org/fhir/R4/search.html
 */
export async function search(reader: Reader, request: SearchRequest): Promise<SearchResult> {
  // Composing statements takes a library that is dear to load; a child that only pulls never needs it.
  const { runSearch } = await import("./run-search.ts");
  return runSearch(reader, request);
}
