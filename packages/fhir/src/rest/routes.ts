import { isResourceType } from "../definitions/resource-types.ts";
import { FhirRefusal, refusal } from "../model/fhir-refusal.ts";
import { isResourceId } from "../model/resource-key.ts";
import { takeBundle } from "./bundle/take-bundle.ts";
import { readCapabilities } from "./capabilities.ts";
import { createResource } from "./create.ts";
import { deleteMatching, deleteResource } from "./delete.ts";
import type { FhirHandler, FhirRequest } from "./fhir-request.ts";
import { readNodeHistory, readRecordHistory, readTypeHistory } from "./history.ts";
import { patchMatching, patchResource } from "./patch.ts";
import { readResource, readVersion } from "./read.ts";
import { searchByForm, searchByQuery } from "./search.ts";
import { updateMatching, updateResource } from "./update.ts";
import { validateSent, validateStored } from "./validate.ts";
import { answerVirtual } from "./virtual/answer-virtual.ts";

/** One interaction: the method and path by which clients ask for it, and what answers. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments; those with a colon stand for any type, id or version. */
  readonly path: string;
  readonly handle: FhirHandler;
}

/** Everything the API can do. See https://hl7.org/fhir/R4/http.html */
export const routes: readonly Route[] = [
  { method: "GET", path: "metadata", handle: readCapabilities },
  { method: "GET", path: "_history", handle: readNodeHistory },
  { method: "POST", path: "", handle: takeBundle },

  { method: "GET", path: ":type", handle: searchByQuery },
  { method: "POST", path: ":type/_search", handle: searchByForm },
  { method: "GET", path: ":type/_history", handle: readTypeHistory },
  { method: "POST", path: ":type/$validate", handle: validateSent },
  { method: "POST", path: ":type", handle: createResource },
  { method: "PUT", path: ":type", handle: updateMatching },
  { method: "PATCH", path: ":type", handle: patchMatching },
  { method: "DELETE", path: ":type", handle: deleteMatching },

  { method: "GET", path: ":type/:id", handle: readResource },
  { method: "PUT", path: ":type/:id", handle: updateResource },
  { method: "PATCH", path: ":type/:id", handle: patchResource },
  { method: "DELETE", path: ":type/:id", handle: deleteResource },
  { method: "GET", path: ":type/:id/_history", handle: readRecordHistory },
  { method: "GET", path: ":type/:id/_history/:version", handle: readVersion },
  { method: "GET", path: ":type/:id/$validate", handle: validateStored },
  { method: "POST", path: ":type/:id/$validate", handle: validateSent },
];

/**
 * Hands a request to the interaction it asks for; HEAD goes where GET does.
 *
 * Throws a refusal: 404 for an address that is none of this API's, 405 for a method that an address does not take.
 */
export const dispatch: FhirHandler = (node, request) => {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const segments = request.path === "" ? [] : request.path.split("/");
  const fitting = candidates.filter((candidate) => fits(candidate.segments, segments));
  const found = fitting.find((candidate) => candidate.route.method === method);
  const first = fitting[0];
  if (!first) throw refusal(404, "not-found", `The address ${request.path.slice(0, 200)} is none of this server's.`);
  const parameters = readParameters(first.segments, segments);
  if (parameters.type !== "") refuseUnknownType(parameters.type);
  if (!found) {
    const allowed = fitting.map(({ route }) => route.method).join(", ");
    const diagnostics = `This address takes ${allowed}, and not ${request.method}.`;
    throw new FhirRefusal(405, [{ severity: "error", code: "not-supported", diagnostics }], { allow: allowed });
  }
  if (parameters.id !== "" && method === "GET" && !isResourceId(parameters.id)) {
    throw refusal(404, "not-found", `There is no ${parameters.type}/${parameters.id.slice(0, 80)}: it is no valid id.`);
  }
  const virtual = parameters.type === "" ? undefined : node.virtualTypes[parameters.type];
  if (virtual && !request.path.includes("$validate")) return answerVirtual(virtual, node, { ...request, parameters });
  return found.route.handle(node, { ...request, parameters });
};

interface Candidate {
  readonly route: Route;
  readonly segments: readonly string[];
}

const candidates: readonly Candidate[] = routes.map((route) => ({
  route,
  segments: route.path === "" ? [] : route.path.split("/"),
}));

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => {
    const segment = segments[index]!;
    if (!part.startsWith(":")) return part === segment;
    return segment !== "" && !segment.startsWith("_") && !segment.startsWith("$") && segment !== "metadata";
  });
}

function readParameters(pattern: readonly string[], segments: readonly string[]): FhirRequest["parameters"] {
  const parameters = { type: "", id: "", version: "" };
  for (const [index, part] of pattern.entries()) {
    if (part === ":type" || part === ":id" || part === ":version") {
      parameters[part.slice(1) as "type" | "id" | "version"] = segments[index]!;
    }
  }
  return parameters;
}

function refuseUnknownType(type: string): void {
  if (!isResourceType(type)) {
    throw refusal(404, "not-supported", `${type.slice(0, 80)} is no resource type of FHIR R4.`);
  }
}
