import type { HttpResponse } from "@tributary/kernel";
import { refusal } from "../model/fhir-refusal.ts";
import type { Issue } from "../model/issue.ts";
import { isJsonObject, type JsonObject } from "../model/json-value.ts";
import { parseResource } from "../model/parse-resource.ts";
import { validateResource } from "../validation/validate-resource.ts";
import { answerIssues } from "./answers.ts";
import type { FhirNode, FhirRequest } from "./fhir-request.ts";
import { refuseOtherBodies } from "./media-types.ts";
import { gone, notFound } from "./read.ts";

/** Says what is wrong with a resource that is sent, and saves nothing. See https://hl7.org/fhir/R4/resource-operation-validate.html */
export async function validateSent(_node: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  refuseOtherBodies(request.headers["content-type"]);
  const { resource, profiles } = readSubject(parseResource(request.body), type, request.query);
  const issues: Issue[] = [...validateResource(resource, { expectedType: type })];
  if (id !== "" && resource["id"] !== id) {
    const diagnostics = "The resource's id is not that of the address.";
    issues.push({ severity: "error", code: "invalid", diagnostics, expression: [`${type}.id`] });
  }
  for (const profile of profiles) {
    const diagnostics = `Only the rules of FHIR R4 itself were checked, not the profile ${profile}.`;
    issues.push({ severity: "warning", code: "not-supported", diagnostics });
  }
  return answerIssues(200, issues);
}

/** Says what is wrong with a record as it is stored. */
export async function validateStored({ reader, store }: FhirNode, request: FhirRequest): Promise<HttpResponse> {
  const { type, id } = request.parameters;
  const stored = await store.read(reader, { type, id });
  if (!stored) throw notFound({ type, id });
  if (stored.body === undefined) throw gone(stored);
  return answerIssues(200, validateResource(parseResource(stored.body), { expectedType: type }));
}

interface Subject {
  readonly resource: JsonObject;
  readonly profiles: readonly string[];
}

/** The resource stands alone in the body, or in Parameters under the name `resource`. */
function readSubject(body: JsonObject, type: string, query: string): Subject {
  const profiles = new URLSearchParams(query).getAll("profile");
  if (body["resourceType"] !== "Parameters" || type === "Parameters") return { resource: body, profiles };
  const parameters = Array.isArray(body["parameter"]) ? body["parameter"].filter(isJsonObject) : [];
  const resource = parameters.find(({ name }) => name === "resource")?.["resource"];
  if (!isJsonObject(resource)) {
    throw refusal(400, "required", "The Parameters have no resource to validate.", "Parameters.parameter");
  }
  for (const { name, valueUri, valueCanonical } of parameters) {
    const profile = valueUri ?? valueCanonical;
    if (name === "profile" && typeof profile === "string") profiles.push(profile);
  }
  return { resource, profiles };
}
