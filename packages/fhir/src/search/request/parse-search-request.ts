import { refusal } from "../../model/fhir-refusal.ts";
import { pageSizeDefault, pageSizeMax } from "../../model/limits.ts";
import { includesMax, parametersMax, sortKeysMax, testsMax } from "../limits.ts";
import { type PagePosition, readPageToken } from "../query/page-token.ts";
import { type Condition, countTests } from "./condition.ts";
import { type Include, parseInclude } from "./include.ts";
import { parseCondition } from "./parse-condition.ts";
import type { IgnoredParameter, SearchRequest, SummaryMode } from "./search-request.ts";
import { parseSortKey, type SortKey, sortText } from "./sort-key.ts";
import { splitAlternatives } from "./split-values.ts";

/** The parameter that carries the token of a page. */
const pageParameter = "_page";

/** Parameters about the form of the answer, which is the REST edge's concern. */
const formParameters: ReadonlySet<string> = new Set(["_format", "_pretty"]);
const summaryModes: ReadonlySet<string> = new Set(["true", "text", "data", "count", "false"]);

export interface ParseSearchOptions {
  /** `Prefer: handling=strict`: what is not known is refused, and otherwise reported and left out. */
  readonly isStrict: boolean;
  /** Now, in milliseconds since 1970. */
  readonly now: number;
  /** The address of this server's FHIR API, without a slash at its end, for references written in full. */
  readonly baseUrl?: string;
}

/**
 * Reads the parameters of a search on one resource type. What is wrong (a value, a prefix, a modifier, a token) is
 * refused with 400 and a sentence that says what would be right; what is unknown is refused under strict handling and
 * stands in `ignored` otherwise. See https://hl7.org/fhir/R4/search.html#errors
 */
export function parseSearchRequest(
  resourceType: string,
  parameters: URLSearchParams,
  options: ParseSearchOptions,
): SearchRequest {
  const draft = new Draft(resourceType, options);
  if (parameters.size > parametersMax) {
    throw refusal(400, "too-costly", `A search has at most ${parametersMax} parameters.`);
  }
  for (const [name, value] of parameters) draft.add(name, value);
  return draft.finish();
}

/** What has been read so far. */
class Draft {
  readonly #type: string;
  readonly #options: ParseSearchOptions;
  readonly #conditions: Condition[] = [];
  readonly #sort: SortKey[] = [];
  readonly #includes: Include[] = [];
  readonly #applied: [string, string][] = [];
  readonly #ignored: IgnoredParameter[] = [];
  #count = pageSizeDefault;
  #summary: SummaryMode = "false";
  #elements: readonly string[] = [];
  #total: SearchRequest["total"] = "none";
  #token: string | undefined;

  constructor(type: string, options: ParseSearchOptions) {
    this.#type = type;
    this.#options = options;
  }

  add(name: string, value: string): void {
    if (name === pageParameter) {
      this.#token = value;
      return;
    }
    const before = this.#ignored.length;
    if (/^,*$/.test(value)) this.#ignore(name, `The parameter ${name} has no value.`);
    else this.#read(name, value);
    if (name === "_sort") this.#applied.push([name, this.#sort.map(sortText).join(",")]);
    else if (this.#ignored.length === before) this.#applied.push([name, value]);
  }

  finish(): SearchRequest {
    if (this.#conditions.reduce((sum, condition) => sum + countTests(condition), 0) > testsMax) {
      throw refusal(400, "too-costly", "The search has too many values; split it into several searches.");
    }
    if (this.#elements.length > 0 && this.#summary !== "false") {
      throw refusal(400, "invalid", "A search has either _summary or _elements; leave one of them out.");
    }
    if (this.#summary === "text" && this.#includes.length > 0) {
      throw refusal(400, "invalid", "_summary=text cannot be had together with _include or _revinclude.");
    }
    const request = {
      type: this.#type,
      conditions: this.#conditions,
      sort: this.#sort,
      count: this.#summary === "count" ? 0 : this.#count,
      includes: this.#includes,
      summary: this.#summary,
      elements: this.#elements,
      total: this.#total,
      applied: this.#applied,
      ignored: this.#ignored,
    };
    return { ...request, page: this.#page(searchName(request)) };
  }

  #page(search: string): PagePosition | undefined {
    return this.#token === undefined ? undefined : readPageToken(this.#token, search, this.#sort);
  }

  #read(name: string, value: string): void {
    switch (name) {
      case "_count":
        this.#count = parseCount(value);
        return;
      case "_sort":
        this.#sort.length = 0;
        for (const key of splitAlternatives(name, value)) this.#addSortKey(key);
        return;
      case "_summary":
        this.#summary = oneOf(name, value, summaryModes) as SummaryMode;
        return;
      case "_elements":
        this.#elements = splitAlternatives(name, value).map((path) => path.replace(`${this.#type}.`, ""));
        return;
      case "_total":
        this.#total = oneOf(name, value, new Set(["none", "estimate", "accurate"])) as SearchRequest["total"];
        return;
      case "_include":
      case "_include:iterate":
      case "_include:recurse":
      case "_revinclude":
      case "_revinclude:iterate":
      case "_revinclude:recurse":
        this.#addInclude(name, value);
        return;
    }
    if (!formParameters.has(name)) this.#addCondition(name, value);
  }

  #addSortKey(text: string): void {
    const key = parseSortKey(this.#type, text);
    if (!key) {
      this.#ignore("_sort", `${this.#type} cannot be sorted by ${text}.`);
      return;
    }
    if (this.#sort.length === sortKeysMax) {
      throw refusal(400, "too-costly", `_sort has more than ${sortKeysMax} keys; leave the last ones out.`);
    }
    this.#sort.push(key);
  }

  #addInclude(name: string, value: string): void {
    if (this.#includes.length === includesMax) {
      throw refusal(400, "too-costly", `A search has at most ${includesMax} includes.`);
    }
    const isReverse = name.startsWith("_revinclude");
    const include = parseInclude(this.#type, value, { isReverse, isIterated: name.includes(":") });
    if (typeof include === "string") this.#ignore(name, include);
    else this.#includes.push(include);
  }

  #addCondition(name: string, value: string): void {
    const { now, baseUrl } = this.#options;
    const condition = parseCondition(this.#type, name, value, { now, baseUrl });
    if (condition.kind === "unknown") this.#ignore(name, condition.reason);
    else this.#conditions.push(condition);
  }

  #ignore(name: string, reason: string): void {
    if (this.#options.isStrict)
      throw refusal(400, "not-supported", `${reason} Leave it out, or do not ask for strict handling.`);
    this.#ignored.push({ name, reason });
  }
}

/** Names a search, so that a token of one is not used in another; the size of the page may change on the way. */
export function searchName({ type, applied }: Pick<SearchRequest, "type" | "applied">): string {
  const own = applied.filter(([name]) => name !== "_count" && !formParameters.has(name));
  return `${type}?${queryOf(own)}`;
}

/** The query of a link to this search: its self link, or, with a token, one of its pages. */
export function searchQuery({ applied }: Pick<SearchRequest, "applied">, pageToken?: string): string {
  return queryOf(pageToken === undefined ? applied : [...applied, [pageParameter, pageToken]]);
}

function queryOf(parameters: SearchRequest["applied"]): string {
  const query = new URLSearchParams();
  for (const [name, value] of parameters) query.append(name, value);
  return query.toString();
}

function parseCount(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw refusal(400, "value", "_count is a whole number, 0 or more.");
  return Math.min(Number(value), pageSizeMax);
}

function oneOf(name: string, value: string, allowed: ReadonlySet<string>): string {
  if (allowed.has(value)) return value;
  throw refusal(400, "value", `${name} is one of ${[...allowed].join(", ")}.`);
}
