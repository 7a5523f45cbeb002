import type { HttpResponse } from "@tributary/kernel";
import type { BundleText, BundleTextEntry } from "../../model/bundle-text.ts";
import { FhirRefusal, refusal } from "../../model/fhir-refusal.ts";
import { answerIssues } from "../answers.ts";
import { type FhirNode, type FhirRequest, fhirRequest } from "../fhir-request.ts";
import { readEntryRequest } from "./entry-request.ts";
import { answerBundle, responseEntry } from "./response-entry.ts";
import { readPatchInBinary } from "./sent-patch.ts";

/** Entries that are worked on at once: they share commits on SQLite, and leave connections to others on PostgreSQL. */
const entriesAtOnce = 8;

/** Answers each entry as a request of its own; none knows what becomes of another. */
export async function answerBatch(node: FhirNode, request: FhirRequest, bundle: BundleText): Promise<HttpResponse> {
  const answers = new Array<string>(bundle.entries.length);
  const waiting = bundle.entries.entries();
  const work = async (): Promise<void> => {
    for (const [index, entry] of waiting)
      answers[index] = responseEntry(await answerEntry(node, request, entry, index));
  };
  await Promise.all(Array.from({ length: entriesAtOnce }, work));
  return answerBundle("batch-response", answers);
}

async function answerEntry(
  node: FhirNode,
  request: FhirRequest,
  entry: BundleTextEntry,
  index: number,
): Promise<HttpResponse> {
  try {
    return await node.dispatch(node, readOwnRequest(request, entry, index));
  } catch (error) {
    if (error instanceof FhirRefusal) return answerIssues(error.status, error.issues);
    throw error;
  }
}

function readOwnRequest({ base, headers, author }: FhirRequest, entry: BundleTextEntry, index: number): FhirRequest {
  const asked = readEntryRequest(entry, index, base);
  if (asked.path === "") throw refusal(400, "not-supported", "A batch cannot hold another Bundle.", asked.name);
  const isPatch = asked.method === "PATCH";
  return fhirRequest({
    method: asked.method,
    base,
    path: asked.path,
    query: asked.query,
    headers: {
      ...asked.headers,
      "content-type": isPatch ? "application/json-patch+json" : "application/fhir+json",
      prefer: headers["prefer"] ?? "return=minimal",
    },
    body: isPatch ? readPatchInBinary(asked.resource) : (asked.resource ?? ""),
    author,
  });
}
