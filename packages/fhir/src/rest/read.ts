import type { HttpResponse } from "@tributary/kernel";
import { FhirRefusal, refusal } from "../model/fhir-refusal.ts";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import { type ResourceView, summarize } from "../search/summary/summarize.ts";
import type { StoredVersion } from "../store/stored-version.ts";
import { answer, textOf, versionHeaders } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { entityTag, isAlreadyHeld } from "./preconditions.ts";

/** Answers the current version of a record. See https://hl7.org/fhir/R4/http.html#read */
export async function readResource({ reader, store }: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  const stored = await store.read(reader, { type, id });
  if (!stored) throw notFound({ type, id });
  if (stored.body === undefined) throw gone(stored);
  return answerVersion(request, stored, stored.body);
}

/** Answers one version of a record, current or past. See https://hl7.org/fhir/R4/http.html#vread */
export async function readVersion({ reader, store }: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id, version } = request.parameters;
  const number = /^[1-9]\d{0,14}$/.test(version) ? Number(version) : undefined;
  const stored = number === undefined ? undefined : await store.readVersion(reader, { type, id }, number);
  if (!stored) throw refusal(404, "not-found", `There is no version ${version} of ${referenceTo({ type, id })}.`);
  if (stored.body === undefined) throw gone(stored);
  return answerVersion(request, stored, stored.body);
}

/** The refusal of a record that never was. */
export function notFound(key: ResourceKey): FhirRefusal {
  return refusal(404, "not-found", `There is no ${referenceTo(key)}.`);
}

function answerVersion(request: FhirRequest, stored: StoredVersion, body: string): HttpResponse {
  const headers = versionHeaders(stored);
  if (isAlreadyHeld(stored, request.headers)) return { status: 304, headers };
  return answer(200, summarize(textOf({ ...stored, body }), readView(request.query)), headers);
}

/** A read can be shortened as a search can; its other parameters are about the form of the answer. */
function readView(query: string): ResourceView {
  if (!query.includes("_summary") && !query.includes("_elements")) return wholeResource;
  const parameters = new URLSearchParams(query);
  const summary = parameters.get("_summary") ?? "false";
  if (!isSummaryMode(summary)) {
    throw refusal(400, "value", `_summary is one of ${summaryModes.join(", ")} on a read.`);
  }
  return { summary, elements: (parameters.get("_elements") ?? "").split(",").filter((name) => name !== "") };
}

const wholeResource: ResourceView = { summary: "false", elements: [] };
const summaryModes = ["true", "text", "data", "false"] as const;

function isSummaryMode(text: string): text is (typeof summaryModes)[number] {
  return summaryModes.some((mode) => mode === text);
}

/** The refusal of a record that was deleted. */
export function gone({ key, version }: StoredVersion): FhirRefusal {
  const diagnostics = `${referenceTo(key)} was deleted; its history can still be read.`;
  return new FhirRefusal(410, [{ severity: "error", code: "deleted", diagnostics }], { etag: entityTag(version) });
}
