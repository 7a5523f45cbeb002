import { refusal } from "../../model/fhir-refusal.ts";
import { parseResource } from "../../model/parse-resource.ts";
import { bare } from "../media-types.ts";

/**
 * The text of a JSON Patch that stands in a Bundle, which is a Binary there.
 * See https://hl7.org/fhir/R4/http.html#jsonpatch
 */
export function readPatchInBinary(text: string | undefined): string {
  const binary = parseResource(text ?? "");
  const { resourceType, contentType, data } = binary;
  if (resourceType !== "Binary" || typeof contentType !== "string" || typeof data !== "string") {
    throw refusal(400, "structure", "A patch in a Bundle is a Binary with its contentType and data.", "resource");
  }
  if (bare(contentType) !== "application/json-patch+json") {
    throw refusal(415, "not-supported", "The Binary is no JSON Patch (application/json-patch+json).", "resource");
  }
  return Buffer.from(data, "base64").toString("utf8");
}
