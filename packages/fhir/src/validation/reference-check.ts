import { isResourceType } from "../definitions/resource-types.ts";
import { isJsonObject } from "../model/json-value.ts";
import { parseReference } from "../model/resource-key.ts";
import type { ValidationRun } from "./validation-run.ts";

/**
 * Checks where a reference leads: to a type that the element allows, or to a contained resource that is there.
 *
 * The type is known of `Patient/1`, `Patient?identifier=…`, of `https://…/Patient/1`, and of contained resources; other
 * addresses may lead anywhere. `targets` are the types that are allowed; `undefined` allows all.
 * See https://hl7.org/fhir/R4/references.html
 */
export function checkTarget(value: unknown, targets: ReadonlySet<string> | undefined, run: ValidationRun): void {
  if (!isJsonObject(value)) return;
  const { reference } = value;
  if (typeof reference !== "string") return;
  if (reference.startsWith("#")) checkContained(reference.slice(1), targets, run);
  else checkType(reference, targets, run);
}

function checkType(reference: string, targets: ReadonlySet<string> | undefined, run: ValidationRun): void {
  const type = typeIn(reference);
  if (type === undefined) return;
  const isRelative = !isAbsolute(reference);
  if (!isResourceType(type)) {
    // NOTE: In an absolute address the word may be anything; only a relative reference claims that it is a type.
    if (isRelative) run.report("value", "must name a resource type of R4", "reference");
  } else if (targets && !targets.has(type)) {
    run.report("value", `must refer to ${[...targets].join(" or ")} and not to ${type}`);
  } else if (isRelative && reference[type.length] === "/" && parseReference(reference) === undefined) {
    run.report("value", "must have an id after the resource type, as in Patient/123", "reference");
  }
}

function checkContained(id: string, targets: ReadonlySet<string> | undefined, run: ValidationRun): void {
  if (id === "") return;
  const { contained } = run.container;
  const found = Array.isArray(contained) ? contained.find((one) => isJsonObject(one) && one["id"] === id) : undefined;
  if (!isJsonObject(found)) {
    run.report("not-found", "must refer to a contained resource that is there");
    return;
  }
  const type = found["resourceType"];
  if (targets && typeof type === "string" && isResourceType(type) && !targets.has(type)) {
    run.report("value", `must refer to ${[...targets].join(" or ")} and not to ${type}`);
  }
}

function typeIn(reference: string): string | undefined {
  if (isAbsolute(reference)) {
    return reference.startsWith("http") ? absolute.exec(reference)?.[1] : undefined;
  }
  const end = reference.search(/[/?]/);
  return end < 0 ? undefined : reference.slice(0, end);
}

const absolute = /\/([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/;

function isAbsolute(reference: string): boolean {
  const colon = reference.indexOf(":");
  if (colon < 0) return false;
  const end = reference.search(/[/?]/);
  return end < 0 || colon < end;
}
