import type { Issue } from "../model/issue.ts";
import { typeCheckOf } from "./compile-type.ts";
import { checkResource } from "./resource-check.ts";
import { IssueLimitReached, ValidationRun } from "./validation-run.ts";

/** What is asked of a resource besides being valid. */
export interface ValidateOptions {
  /** The only resource type that is accepted, when the place it goes to has room for one type. */
  readonly expectedType?: string;
}

/**
 * Validates the result of `JSON.parse` against the base definitions of FHIR R4; without any issue it is valid.
 *
 * Checked are: the shape of the JSON; unknown, missing and repeated elements; the format and range of every primitive;
 * choices; codes of required bindings; what references may lead to; extensions, contained resources and resources in
 * Bundles and Parameters; and the invariants that speak of which elements are there. Not checked are profiles, other
 * bindings, other invariants, and whether a referenced resource exists.
 *
 * Issues stand in the order in which the resource was read, and end after `issuesMax`. Their diagnostics name elements,
 * reasons and codes, but repeat no other content. See https://hl7.org/fhir/R4/validation.html
 */
export function validateResource(resource: unknown, options: ValidateOptions = {}): readonly Issue[] {
  const run = new ValidationRun(resource, typeCheckOf);
  try {
    checkResource(resource, run, "root", options.expectedType);
  } catch (thrown) {
    if (!(thrown instanceof IssueLimitReached)) throw thrown;
  }
  return run.issues;
}
