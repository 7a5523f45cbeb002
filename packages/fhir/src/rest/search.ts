import type { HttpResponse } from "@tributary/kernel";
import { refusal } from "../model/fhir-refusal.ts";
import { operationOutcome } from "../model/issue.ts";
import { referenceTo } from "../model/resource-key.ts";
import type { FoundResource } from "../search/query/load-rows.ts";
import { parseSearchRequest, searchQuery } from "../search/request/parse-search-request.ts";
import type { SearchRequest } from "../search/request/search-request.ts";
import { search } from "../search/search.ts";
import type { SearchResult } from "../search/search-result.ts";
import { summarize } from "../search/summary/summarize.ts";
import { answer, textOf } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { bare } from "./media-types.ts";

/** Searches a type by the parameters in the address. See https://hl7.org/fhir/R4/search.html */
export function searchByQuery(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  return answerSearch(node, request, new URLSearchParams(request.query));
}

/** Searches a type by the parameters in the body, which keeps them out of logs and is not limited in length. */
export function searchByForm(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  return answerSearch(node, request, readSearchParameters(request));
}

/** The parameters in the address and, of a form that was sent, in the body. */
export function readSearchParameters(request: FhirRequest): URLSearchParams {
  const contentType = request.headers["content-type"] ?? "";
  if (request.body !== "" && bare(contentType) !== "application/x-www-form-urlencoded") {
    const reason = "The body of a search is a form (application/x-www-form-urlencoded).";
    throw refusal(415, "not-supported", reason);
  }
  const parameters = new URLSearchParams(request.query);
  for (const [name, value] of new URLSearchParams(request.body)) parameters.append(name, value);
  return parameters;
}

async function answerSearch(
  { database, reader, clock }: FhirNode,
  request: FhirRequest,
  parameters: URLSearchParams,
): Promise<HttpResponse> {
  const { base, preferences } = request;
  const isStrict = preferences.handling === "strict";
  const wanted = parseSearchRequest(request.parameters.type, parameters, { isStrict, now: clock.now(), baseUrl: base });
  // A search that is part of a transaction already reads one state.
  const result = await (reader === database
    ? database.snapshot((snapshot) => search(snapshot, wanted))
    : search(reader, wanted));
  return answer(200, bundleText(base, wanted, result));
}

function bundleText(base: string, wanted: SearchRequest, result: SearchResult): string {
  const entries = [
    ...result.matches.map((found) => entryText(base, wanted, found, "match")),
    ...result.includes.map((found) => entryText(base, wanted, found, "include")),
  ];
  if (result.issues.length > 0) {
    entries.push(`{"resource":${operationOutcome(result.issues)},"search":{"mode":"outcome"}}`);
  }
  const links = [
    link(base, wanted, "self"),
    ...(result.next === undefined ? [] : [link(base, wanted, "next", result.next)]),
    ...(result.previous === undefined ? [] : [link(base, wanted, "previous", result.previous)]),
  ];
  const total = result.total === undefined ? "" : `,"total":${result.total}`;
  const listed = entries.length > 0 ? `,"entry":[${entries.join(",")}]` : "";
  return `{"resourceType":"Bundle","type":"searchset"${total},"link":[${links.join(",")}]${listed}}`;
}

function entryText(base: string, wanted: SearchRequest, found: FoundResource, mode: "match" | "include"): string {
  const fullUrl = JSON.stringify(`${base}/${referenceTo(found)}`);
  return `{"fullUrl":${fullUrl},"resource":${summarize(textOf(found), wanted)},"search":{"mode":"${mode}"}}`;
}

function link(base: string, wanted: SearchRequest, relation: string, token?: string): string {
  const query = searchQuery(wanted, token);
  return JSON.stringify({ relation, url: `${base}/${wanted.type}${query === "" ? "" : `?${query}`}` });
}
