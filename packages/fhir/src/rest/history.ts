import type { HttpResponse } from "@tributary/kernel";
import { refusal } from "../model/fhir-refusal.ts";
import { pageSizeDefault, pageSizeMax } from "../model/limits.ts";
import { referenceTo } from "../model/resource-key.ts";
import type { HistoryEntry, HistoryPlace, HistoryRequest } from "../store/read-history.ts";
import type { StoredVersion } from "../store/stored-version.ts";
import { answer, textOf } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { entityTag } from "./preconditions.ts";
import { notFound } from "./read.ts";

/** All versions of a record, newest first. See https://hl7.org/fhir/R4/http.html#history */
export async function readRecordHistory(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  if (!(await node.store.read(node.reader, { type, id }))) throw notFound({ type, id });
  return answerHistory(node, request, { type, id });
}

/** All versions of all records of a type, newest first. */
export function readTypeHistory(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  return answerHistory(node, request, { type: request.parameters.type });
}

/** All versions of all records, newest first. */
export function readNodeHistory(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  return answerHistory(node, request, undefined);
}

async function answerHistory(
  { reader, store }: FhirNode,
  request: FhirRequest,
  of: HistoryRequest["of"],
): Promise<HttpResponse> {
  const { count, since, before } = readParameters(request.query);
  const found = await store.history(reader, {
    // One more than the page holds tells whether there is another page.
    limit: count + 1,
    ...(of && { of }),
    ...(since !== undefined && { since }),
    ...(before && { before }),
  });
  const page = found.slice(0, count);
  const links = [link("self", request, request.query)];
  const last = page.at(-1);
  if (last && found.length > count) links.push(link("next", request, nextQuery(request.query, last.place)));
  const entries = page.map(({ stored }) => entryText(request.base, stored));
  return answer(
    200,
    `{"resourceType":"Bundle","type":"history","link":[${links.join(",")}]${entries.length > 0 ? `,"entry":[${entries.join(",")}]` : ""}}`,
  );
}

/** One version as an entry: how it came about, and its content unless it is a deletion. */
function entryText(base: string, stored: StoredVersion): string {
  const { key, version, lastUpdated, operation, body } = stored;
  const reference = referenceTo(key);
  const status = operation === "create" ? "201 Created" : operation === "update" ? "200 OK" : "204 No Content";
  const method = operation === "delete" ? "DELETE" : version === 1 ? "POST" : "PUT";
  const parts = [`"fullUrl":${JSON.stringify(`${base}/${reference}`)}`];
  if (body !== undefined) parts.push(`"resource":${textOf({ version, lastUpdated, body })}`);
  parts.push(`"request":${JSON.stringify({ method, url: method === "POST" ? key.type : reference })}`);
  const lastModified = new Date(lastUpdated).toISOString();
  parts.push(`"response":${JSON.stringify({ status, etag: entityTag(version), lastModified })}`);
  return `{${parts.join(",")}}`;
}

interface HistoryParameters {
  readonly count: number;
  readonly since: number | undefined;
  readonly before: HistoryPlace | undefined;
}

function readParameters(query: string): HistoryParameters {
  let count = pageSizeDefault;
  let since: number | undefined;
  let before: HistoryPlace | undefined;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "_count") count = readCount(value);
    else if (name === "_since") since = readInstant(value);
    else if (name === "_page") before = readPlace(value);
    else if (name !== "_format" && name !== "_pretty") {
      throw refusal(400, "not-supported", `History takes _since and _count; ${name} is not supported.`);
    }
  }
  return { count, since, before };
}

function readCount(value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) === 0) {
    throw refusal(400, "value", "_count is a whole number, 1 or more.");
  }
  return Math.min(Number(value), pageSizeMax);
}

const instantPattern = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

function readInstant(value: string): number {
  // In a query an unescaped plus sign is a space.
  const text = value.replace(" ", "+");
  const moment = instantPattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw refusal(400, "value", "_since is a date or a date with time and zone, such as 2026-01-31T12:00:00Z.");
  }
  return Math.max(0, moment);
}

function readPlace(token: string): HistoryPlace {
  const found = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(token, "base64url").toString("latin1"));
  if (!found) throw refusal(400, "value", "The page token is not one of this history; begin again at its first page.");
  return { lastUpdated: Number(found[1]), versionKey: Number(found[2]) };
}

function nextQuery(query: string, { lastUpdated, versionKey }: HistoryEntry["place"]): string {
  const parameters = new URLSearchParams(query);
  parameters.set("_page", Buffer.from(`${lastUpdated}.${versionKey}`).toString("base64url"));
  return parameters.toString();
}

function link(relation: string, { base, path }: FhirRequest, query: string): string {
  return JSON.stringify({ relation, url: `${base}/${path}${query === "" ? "" : `?${query}`}` });
}
