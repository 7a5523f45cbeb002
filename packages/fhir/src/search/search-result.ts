import type { Issue } from "../model/issue.ts";
import type { FoundResource } from "./query/load-rows.ts";
import type { IgnoredParameter } from "./request/search-request.ts";

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
