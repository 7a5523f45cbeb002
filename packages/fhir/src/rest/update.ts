import type { Transaction } from "@tributary/database";
import { assert, type HttpResponse, newUuid } from "@tributary/kernel";
import { refusal } from "../model/fhir-refusal.ts";
import { isResourceId } from "../model/resource-key.ts";
import type { Expected } from "../store/resource-change.ts";
import { answerWrite } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { findMatch, lockCriteria } from "./match-criteria.ts";
import { readIfMatch, readMustBeAbsent } from "./preconditions.ts";
import { readSentResource } from "./sent-resource.ts";
import { refuseOtherId, type SentResource, takeResource } from "./take-resource.ts";
import { writeOne } from "./write-one.ts";

/**
 * Saves a record under the id that the client names, and creates it when it does not exist. Content that is current
 * already makes no version. See https://hl7.org/fhir/R4/http.html#update
 */
export async function updateResource(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  const sent = readSentResource(request);
  refuseOtherId(sent.resource, type, id);
  const expected = readExpected(request.headers);
  return node.database.transaction((tx) => save(tx, node, request, sent, id, expected));
}

/** Saves the one record that the criteria match, or creates it. See https://hl7.org/fhir/R4/http.html#cond-update */
export async function updateMatching(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type } = request.parameters;
  const sent = readSentResource(request);
  const given = sent.resource["id"];
  const expected = readExpected(request.headers);
  return node.database.transaction(async (tx) => {
    await lockCriteria(tx, type, request.query);
    const match = await findMatch(node, tx, request.base, type, request.query);
    const place = placeOfMatch(match?.id, given, () => newUuid(node.clock, node.random));
    const refusedWith = expected === undefined && place.expected === "absent" ? 409 : 412;
    return save(tx, node, request, sent, place.id, expected ?? place.expected, refusedWith);
  });
}

/**
 * Where a conditional update writes: to the match; without one to the id that the client gave, which must then be free;
 * without that to a new id. Throws a refusal (400) when the client gave another id than the match has.
 */
export function placeOfMatch(
  matchedId: string | undefined,
  givenId: unknown,
  newId: () => string,
): { readonly id: string; readonly expected: Expected | undefined } {
  if (matchedId !== undefined) {
    if (givenId === undefined || givenId === matchedId) return { id: matchedId, expected: undefined };
    throw refusal(400, "invalid", `The criteria match the id ${matchedId} and the body has another one.`);
  }
  if (typeof givenId === "string" && isResourceId(givenId)) return { id: givenId, expected: "absent" };
  return { id: newId(), expected: "fresh" };
}

/** What must hold for a write to be made, from `If-Match` or `If-None-Match: *`. */
export function readExpected(headers: FhirRequest["headers"]): number | "absent" | undefined {
  return readIfMatch(headers["if-match"]) ?? (readMustBeAbsent(headers["if-none-match"]) ? "absent" : undefined);
}

async function save(
  tx: Transaction,
  node: FhirNode,
  request: FhirRequest,
  sent: SentResource,
  id: string,
  expected: Expected | undefined,
  refusedWith: 409 | 412 = 412,
): Promise<HttpResponse> {
  const { type } = request.parameters;
  const change = takeResource(sent, { type, id, expected, author: request.author });
  const { kind, version } = await writeOne(tx, node, change, refusedWith);
  assert(version, "a resource that was saved has a version");
  return answerWrite(request, kind === "created" ? 201 : 200, version);
}
