import type { HttpResponse } from "@tributary/kernel";
import type { ResourceKey } from "../model/resource-key.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { findMatch, lockCriteria } from "./match-criteria.ts";
import { entityTag, readIfMatch } from "./preconditions.ts";
import { type MadeOutcome, writeOne } from "./write-one.ts";

/**
 * Deletes a record; its history stays. Deleting what is gone, or never was, is no error and does nothing.
 * See https://hl7.org/fhir/R4/http.html#delete
 */
export async function deleteResource(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  const change = deletion({ type, id }, request);
  return answerDeletion(await node.database.transaction((tx) => writeOne(tx, node, change)));
}

/** Deletes the one record that the criteria match. See https://hl7.org/fhir/R4/http.html#cdelete */
export async function deleteMatching(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type } = request.parameters;
  return node.database.transaction(async (tx) => {
    await lockCriteria(tx, type, request.query);
    const key = await findMatch(node, tx, request.base, type, request.query);
    return key ? answerDeletion(await writeOne(tx, node, deletion(key, request))) : noContent;
  });
}

function deletion(key: ResourceKey, { headers, author }: FhirRequest) {
  const expected = readIfMatch(headers["if-match"]);
  return {
    kind: "delete",
    key,
    ...(expected !== undefined && { expected }),
    ...(author !== undefined && { author }),
  } as const;
}

function answerDeletion({ version }: MadeOutcome): HttpResponse {
  return version ? { status: 204, headers: { etag: entityTag(version.version) } } : noContent;
}

const noContent: HttpResponse = { status: 204, headers: {} };
