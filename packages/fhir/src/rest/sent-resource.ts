import { parseResource } from "../model/parse-resource.ts";
import type { FhirRequest } from "./fhir-request.ts";
import { refuseOtherBodies } from "./media-types.ts";
import type { SentResource } from "./take-resource.ts";

/** Reads the resource in a request's body. Throws a refusal: 415 when it is no JSON by its type, 400 by its content. */
export function readSentResource({ headers, body }: FhirRequest): SentResource {
  refuseOtherBodies(headers["content-type"]);
  return { text: body, resource: parseResource(body) };
}
