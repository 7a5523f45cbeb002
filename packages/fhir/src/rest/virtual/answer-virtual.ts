import type { HttpResponse } from "@tributary/kernel";
import { FhirRefusal, refusal } from "../../model/fhir-refusal.ts";
import { type Issue, operationOutcome } from "../../model/issue.ts";
import { summarize } from "../../search/summary/summarize.ts";
import { answer } from "../answers.ts";
import type { FhirNode, FhirRequest } from "../fhir-request.ts";
import { readSearchParameters } from "../search.ts";
import { type ParsedVirtualSearch, parseVirtualSearch } from "./parse-virtual-search.ts";
import type { VirtualMatches, VirtualType } from "./virtual-type.ts";

/** Answers a request about a virtual type: a read or a search; everything else is refused with 405. */
export function answerVirtual(virtual: VirtualType, node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { id } = request.parameters;
  const rest = request.path.split("/").slice(id === "" ? 1 : 2);
  if (request.method === "GET" || request.method === "HEAD") {
    if (id === "" && rest.length === 0) return search(virtual, node, request);
    if (id !== "" && rest[0] !== "_history") return read(virtual, node, request);
    if (id !== "" && rest.length === 2) return read(virtual, node, request);
  }
  if (request.method === "POST" && rest[0] === "_search") return search(virtual, node, request);
  throw readOnly(virtual, request.parameters.type);
}

/** The refusal of a write: nothing can be made, changed or deleted here. */
export function readOnly({ whyReadOnly }: VirtualType, type: string): FhirRefusal {
  const diagnostics = `${type} can only be read and searched. ${whyReadOnly}`;
  return new FhirRefusal(405, [{ severity: "error", code: "not-supported", diagnostics }], { allow: "GET, HEAD" });
}

async function read(virtual: VirtualType, { reader }: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id, version } = request.parameters;
  const found = version === "" || version === "1" ? await virtual.read(reader, id) : undefined;
  if (!found) throw refusal(404, "not-found", `There is no ${type}/${id}${version === "" ? "" : ` at ${version}`}.`);
  const headers = { etag: 'W/"1"', "last-modified": new Date(found.lastUpdated).toUTCString() };
  return answer(200, found.text, headers);
}

async function search(virtual: VirtualType, { reader, clock }: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { base, preferences, parameters } = request;
  const context = { base, isStrict: preferences.handling === "strict", now: clock.now() };
  const wanted = parseVirtualSearch(parameters.type, virtual, readSearchParameters(request), context);
  return answer(200, bundleText(parameters.type, wanted, await virtual.search(reader, wanted)));
}

function bundleText(type: string, wanted: ParsedVirtualSearch, found: VirtualMatches): string {
  const { base, view, ignored } = wanted;
  const entries = found.resources.map(({ id, text }) => {
    const fullUrl = JSON.stringify(`${base}/${type}/${id}`);
    return `{"fullUrl":${fullUrl},"resource":${summarize(text, view)},"search":{"mode":"match"}}`;
  });
  if (ignored.length > 0) {
    const issues = ignored.map(
      ({ reason }): Issue => ({ severity: "warning", code: "not-supported", diagnostics: reason }),
    );
    entries.push(`{"resource":${operationOutcome(issues)},"search":{"mode":"outcome"}}`);
  }
  const links = [link(type, wanted, "self"), ...(found.next ? [link(type, wanted, "next", found.next)] : [])];
  const total = found.total === undefined ? "" : `,"total":${found.total}`;
  const listed = entries.length > 0 ? `,"entry":[${entries.join(",")}]` : "";
  return `{"resourceType":"Bundle","type":"searchset"${total},"link":[${links.join(",")}]${listed}}`;
}

function link(type: string, { base, applied }: ParsedVirtualSearch, relation: string, page?: string): string {
  const query = new URLSearchParams(applied.map(([name, value]): [string, string] => [name, value]));
  if (page !== undefined) query.append("_page", page);
  return JSON.stringify({ relation, url: `${base}/${type}${query.size > 0 ? `?${query}` : ""}` });
}
