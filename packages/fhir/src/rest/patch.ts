import type { Transaction } from "@tributary/database";
import { assert, type HttpResponse } from "@tributary/kernel";
import { refusal } from "../model/fhir-refusal.ts";
import { isJsonObject } from "../model/json-value.ts";
import { parseText } from "../model/parse-resource.ts";
import { type ResourceKey, referenceTo } from "../model/resource-key.ts";
import type { SaveChange } from "../store/resource-change.ts";
import type { StoredVersion } from "../store/stored-version.ts";
import { answerWrite } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { applyJsonPatch, type PatchOperation, readJsonPatch } from "./json-patch.ts";
import { findMatch, lockCriteria } from "./match-criteria.ts";
import { refuseOtherPatches } from "./media-types.ts";
import { readIfMatch } from "./preconditions.ts";
import { gone, notFound } from "./read.ts";
import { takeResource } from "./take-resource.ts";
import { made, writeOne } from "./write-one.ts";

/** Changes a record by a JSON Patch (RFC 6902). See https://hl7.org/fhir/R4/http.html#patch */
export async function patchResource(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  const operations = readSentPatch(request);
  return node.database.transaction((tx) => patch(tx, node, request, { type, id }, operations));
}

/** Changes the one record that the criteria match. */
export async function patchMatching(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type } = request.parameters;
  const operations = readSentPatch(request);
  return node.database.transaction(async (tx) => {
    await lockCriteria(tx, type, request.query);
    const key = await findMatch(node, tx, request.base, type, request.query);
    if (!key) throw refusal(404, "not-found", `No resource matches ${type}?${request.query}.`);
    return patch(tx, node, request, key, operations);
  });
}

/**
 * The change that a patch makes of a record's current version, which must be locked. Throws a refusal: 404, 410 or 412
 * when there is nothing to patch or it is at another version, 400 or 422 when the result is no such resource.
 */
export function patchedVersion(
  current: StoredVersion | undefined,
  key: ResourceKey,
  operations: readonly PatchOperation[],
  { expected, author }: { readonly expected: number | undefined; readonly author: string | undefined },
): SaveChange {
  if (!current) throw notFound(key);
  if (current.body === undefined) throw gone(current);
  if (expected !== undefined) made(expectedOutcome(current, expected), key);
  const text = applyJsonPatch(current.body, operations);
  const resource = parseText(text);
  if (!isJsonObject(resource)) throw refusal(422, "structure", "The patch leaves no resource.");
  if (resource["id"] !== key.id || resource["resourceType"] !== key.type) {
    throw refusal(422, "invalid", `The patch would make another resource of ${referenceTo(key)}.`);
  }
  return takeResource({ text, resource }, { ...key, expected: current.version, author });
}

async function patch(
  tx: Transaction,
  node: FhirNode,
  request: FhirRequest,
  key: ResourceKey,
  operations: readonly PatchOperation[],
): Promise<HttpResponse> {
  const current = (await node.store.readForChange(tx, [key])).get(referenceTo(key));
  const expected = readIfMatch(request.headers["if-match"]);
  const change = patchedVersion(current, key, operations, { expected, author: request.author });
  const { version } = await writeOne(tx, node, change);
  assert(version, "a patched resource has a version");
  return answerWrite(request, 200, version);
}

function readSentPatch({ headers, body }: FhirRequest): readonly PatchOperation[] {
  refuseOtherPatches(headers["content-type"]);
  return readJsonPatch(body);
}

function expectedOutcome(current: StoredVersion, expected: number) {
  return current.version === expected
    ? ({ kind: "unchanged", version: current } as const)
    : ({ kind: "version-mismatch", current: current.version } as const);
}
