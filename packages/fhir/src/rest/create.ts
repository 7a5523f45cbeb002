import { assert, type HttpResponse, newUuid } from "@tributary/kernel";
import { answerWrite } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { findMatch, lockCriteria } from "./match-criteria.ts";
import { readSentResource } from "./sent-resource.ts";
import { takeResource } from "./take-resource.ts";
import { writeOne } from "./write-one.ts";

/**
 * Creates a record under an id of the server's choice; with `If-None-Exist` only if no record matches, and otherwise
 * answers the one that does. See https://hl7.org/fhir/R4/http.html#create
 */
export async function createResource(node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { database, store, clock, random } = node;
  const { type } = request.parameters;
  const criteria = request.headers["if-none-exist"];
  const id = newUuid(clock, random);
  const place = { type, id, expected: "fresh", author: request.author } as const;
  const change = takeResource(readSentResource(request), place);
  return database.transaction(async (tx) => {
    if (criteria !== undefined) {
      await lockCriteria(tx, type, criteria);
      const key = await findMatch(node, tx, request.base, type, criteria);
      const existing = key && (await store.read(tx, key));
      if (existing) return answerWrite(request, 200, existing);
    }
    const { version } = await writeOne(tx, node, change);
    assert(version, "a resource under a fresh id is created");
    return answerWrite(request, 201, version);
  });
}
