import type { Transaction } from "@tributary/database";
import { assert, type HttpResponse } from "@tributary/kernel";
import type { BundleText } from "../../model/bundle-text.ts";
import { refusal } from "../../model/fhir-refusal.ts";
import { referenceTo } from "../../model/resource-key.ts";
import type { ResourceChange } from "../../store/resource-change.ts";
import { answerWrite } from "../answers.ts";
import { type FhirNode, type FhirRequest, fhirRequest } from "../fhir-request.ts";
import { entityTag } from "../preconditions.ts";
import { type MadeOutcome, made } from "../write-one.ts";
import type { EntryRequest } from "./entry-request.ts";
import { makeChanges } from "./make-changes.ts";
import { readPlan } from "./plan.ts";
import { resolveWrites } from "./resolve-writes.ts";
import { answerBundle, responseEntry } from "./response-entry.ts";
import { within } from "./within.ts";

/**
 * Does everything that the entries of a Bundle ask for, or nothing, in one transaction of the database.
 *
 * 1. Each entry is read, and each write gets its place: its id, a new one, or what its criteria match.
 * 2. Links to what the Bundle creates, and references by criteria, become references to those places.
 * 3. All changes are written with one call. They concern different records, so the result is that of the order which
 *    FHIR asks for: DELETE, POST, PUT and PATCH.
 * 4. The reads are answered; they see what has been written.
 *
 * Throws a refusal that names the entry, and undoes everything, as soon as one cannot be done.
 */
export async function answerTransaction(
  node: FhirNode,
  request: FhirRequest,
  bundle: BundleText,
): Promise<HttpResponse> {
  const { writes, reads } = readPlan(bundle, request.base);
  return node.database.transaction(async (tx) => {
    const answers = new Array<string>(bundle.entries.length);
    const places = await resolveWrites(tx, node, request.base, writes);
    const changes = await makeChanges(tx, node, request, bundle, places);
    const outcomes = await node.write(
      tx,
      changes.map(({ change }) => change),
    );
    for (const [index, { plan, change }] of changes.entries()) {
      const refusedWith = plan.criteria !== undefined && change.expected === "absent" ? 409 : 412;
      const outcome = within(plan.asked.name, () => made(outcomes[index]!, change.key, refusedWith));
      answers[plan.index] = responseEntry(answerChange(request, change, outcome));
    }
    for (const { plan, match } of places) {
      if (match) answers[plan.index] = responseEntry(answerWrite(minimal(request), 200, match));
      else answers[plan.index] ??= responseEntry({ status: 204, headers: {} });
    }
    for (const { asked, index } of reads) {
      answers[index] = responseEntry(await answerRead(tx, node, request, asked));
    }
    return answerBundle("transaction-response", answers);
  });
}

function answerChange(request: FhirRequest, change: ResourceChange, { kind, version }: MadeOutcome): HttpResponse {
  if (change.kind === "delete") return { status: 204, headers: version ? { etag: entityTag(version.version) } : {} };
  assert(version, `${referenceTo(change.key)} has been saved`);
  const status = kind === "created" ? 201 : 200;
  return answerWrite(minimal(request), status, version);
}

/** In a Bundle's answer the resources are left out unless the client wishes them. */
function minimal(request: FhirRequest): FhirRequest {
  if (request.preferences.return !== undefined) return request;
  return { ...request, preferences: { ...request.preferences, return: "minimal" } };
}

async function answerRead(
  tx: Transaction,
  node: FhirNode,
  request: FhirRequest,
  asked: EntryRequest,
): Promise<HttpResponse> {
  const { base, author } = request;
  const { method, path, query, headers, name } = asked;
  const own = fhirRequest({
    method,
    base,
    path,
    query,
    headers: { ...headers, prefer: request.headers["prefer"] },
    body: "",
    author,
  });
  const response = await node.dispatch({ ...node, reader: tx }, own);
  if (response.status < 400)
    return method === "HEAD" ? { status: response.status, headers: response.headers } : response;
  const reason = `The entry's read was answered with ${response.status}, so nothing of the transaction was done.`;
  throw refusal(response.status, "processing", reason, name);
}
