import { FhirRefusal, refusal } from "../model/fhir-refusal.ts";
import { hasErrors } from "../model/issue.ts";
import type { JsonObject } from "../model/json-value.ts";
import { isResourceId, referenceTo } from "../model/resource-key.ts";
import { toStoredResource, toStoredText } from "../model/stored-text.ts";
import type { Expected, SaveChange } from "../store/resource-change.ts";
import { validateResource } from "../validation/validate-resource.ts";

/** A resource as a client sent it: its text, and the same parsed. */
export interface SentResource {
  readonly text: string;
  readonly resource: JsonObject;
}

/** Where a sent resource is to be saved, and under what condition. */
export interface SavePlace {
  readonly type: string;
  readonly id: string;
  readonly expected: Expected | undefined;
  readonly author: string | undefined;
}

/**
 * Makes a change of a resource that was sent, once it has been found valid.
 *
 * Throws a refusal: 400 when it is of another type or its structure is wrong, 422 when its structure is right and its
 * content breaks a rule of FHIR.
 */
export function takeResource({ text, resource }: SentResource, { type, id, expected, author }: SavePlace): SaveChange {
  if (resource["resourceType"] !== type) {
    const given = String(resource["resourceType"]).slice(0, 64);
    throw refusal(400, "invalid", `The address is that of a ${type} and the body is a ${given}.`, "resourceType");
  }
  if (!isResourceId(id)) throw malformedId(id);
  const body = toStoredText(text.trim(), resource, id);
  const stored = toStoredResource(resource, id);
  const issues = validateResource(stored, { expectedType: type });
  if (hasErrors(issues)) {
    const isMalformed = issues.some(({ severity, code }) => severity !== "warning" && code === "structure");
    throw new FhirRefusal(isMalformed ? 400 : 422, issues);
  }
  return {
    kind: "save",
    key: { type, id },
    body,
    resource: stored,
    ...(expected !== undefined && { expected }),
    ...(author !== undefined && { author }),
  };
}

/** Throws a refusal (400) when a resource that is put under an id has none, or another one. */
export function refuseOtherId(resource: JsonObject, type: string, id: string): void {
  if (!isResourceId(id)) throw malformedId(id);
  const given = resource["id"];
  if (given === id) return;
  const what = given === undefined ? "the body has no `id`" : "the body has another `id`";
  throw refusal(400, "invalid", `The address is that of ${referenceTo({ type, id })} and ${what}.`, `${type}.id`);
}

function malformedId(id: string): FhirRefusal {
  const given = id.slice(0, 80);
  return refusal(400, "value", `An id has 1 to 64 letters, digits, hyphens and dots; ${given} is none.`);
}
