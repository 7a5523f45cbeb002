import { refusal } from "../model/fhir-refusal.ts";

/** The media type of every answer. */
export const fhirJson = "application/fhir+json; charset=utf-8";

const jsonTypes = new Set(["application/fhir+json", "application/json", "text/json", "json"]);
const acceptable = new Set([...jsonTypes, "*/*", "application/*", "text/*", "application/json+fhir"]);

/**
 * Refuses (406) a client that takes no JSON. `_format` counts before the `Accept` header.
 * See https://hl7.org/fhir/R4/http.html#mime-type
 */
export function refuseOtherFormats(query: string, accept: string | undefined): void {
  const format = query.includes("_format") ? new URLSearchParams(query).get("_format") : null;
  if (format !== null && format !== "") {
    // In a query a plus sign is a space.
    if (!jsonTypes.has(bare(format).replace(" ", "+"))) throw notAcceptable(format);
    return;
  }
  if (accept === undefined || accept === "") return;
  if (!accept.split(",").some((range) => acceptable.has(bare(range)))) throw notAcceptable(accept);
}

/** Refuses (415) a body that is not JSON in UTF-8. A body without a type is taken as JSON. */
export function refuseOtherBodies(contentType: string | undefined): void {
  if (contentType === undefined || contentType === "") return;
  if (!jsonTypes.has(bare(contentType))) {
    throw refusal(415, "not-supported", `A body of type ${bare(contentType)} is not read; send application/fhir+json.`);
  }
  refuseOtherCharsets(contentType);
}

/** Refuses (415) a patch that is no JSON Patch. */
export function refuseOtherPatches(contentType: string | undefined): void {
  if (bare(contentType ?? "") !== "application/json-patch+json") {
    const given = contentType === undefined ? "A patch without a type" : `A patch of type ${bare(contentType)}`;
    throw refusal(415, "not-supported", `${given} is not read; send application/json-patch+json (RFC 6902).`);
  }
  refuseOtherCharsets(contentType ?? "");
}

/** The media type alone, without its parameters. */
export function bare(mediaType: string): string {
  return mediaType.split(";", 1)[0]!.trim().toLowerCase();
}

function refuseOtherCharsets(contentType: string): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  if (charset !== undefined && charset.toLowerCase() !== "utf-8") {
    throw refusal(415, "not-supported", `A body in ${charset} is not read; FHIR JSON is written in UTF-8.`);
  }
}

function notAcceptable(asked: string) {
  const reason = `This server answers in JSON (application/fhir+json) only, and the client takes only ${asked}.`;
  return refusal(406, "not-supported", reason);
}
