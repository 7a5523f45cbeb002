import { isResourceType } from "../definitions/resource-types.ts";
import { isJsonObject, type JsonObject } from "../model/json-value.ts";
import { checkObject } from "./object-check.ts";
import type { ValidationRun } from "./validation-run.ts";

/** Where a resource stands: alone, contained in another, or a part of a Bundle or of Parameters. */
export type ResourcePlace = "root" | "contained" | "part";

/** Checks a resource as its `resourceType` says what it is. */
export function checkResource(value: unknown, run: ValidationRun, place: ResourcePlace, expectedType?: string): void {
  const type = resourceTypeOf(value, run, expectedType);
  if (type === undefined || !isJsonObject(value)) return;
  if (place === "contained") {
    checkObject(run.typeCheckOf(type), value, run);
    checkContainment(value, run);
    return;
  }
  const outer = run.container;
  run.container = value;
  checkObject(run.typeCheckOf(type), value, run);
  if (Array.isArray(value["contained"])) checkContainedIds(value["contained"], run);
  run.container = outer;
}

/** The type that a resource says it has, if it may; otherwise says what is wrong. */
function resourceTypeOf(value: unknown, run: ValidationRun, expectedType: string | undefined): string | undefined {
  if (!isJsonObject(value)) return run.report("structure", "must be a JSON object");
  const type = value["resourceType"];
  if (type === undefined) return run.report("required", "is required and missing", "resourceType");
  if (typeof type !== "string" || !isResourceType(type)) {
    return run.report("structure", "must be the name of a resource type of R4", "resourceType");
  }
  if (expectedType !== undefined && type !== expectedType) {
    return run.report("invalid", `must be ${expectedType} here and not ${type}`, "resourceType");
  }
  return type;
}

/** What is asked of a contained resource alone. See https://hl7.org/fhir/R4/references.html#contained */
function checkContainment(value: JsonObject, run: ValidationRun): void {
  if (value["id"] === undefined) run.report("required", "is required in a contained resource and missing", "id");
  if (value["contained"] !== undefined) {
    run.report("invariant", "must not be there: a contained resource contains no others (dom-2)", "contained");
  }
  const { meta } = value;
  if (!isJsonObject(meta)) return;
  if (meta["versionId"] !== undefined || meta["lastUpdated"] !== undefined) {
    run.report("invariant", "must be without versionId and lastUpdated in a contained resource (dom-4)", "meta");
  }
  if (meta["security"] !== undefined) {
    run.report("invariant", "must be without security in a contained resource (dom-5)", "meta");
  }
}

function checkContainedIds(contained: readonly unknown[], run: ValidationRun): void {
  const seen = new Set<unknown>();
  for (const one of contained) {
    const id = isJsonObject(one) ? one["id"] : undefined;
    if (id !== undefined && seen.has(id))
      run.report("duplicate", "must not have two resources of the same id", "contained");
    seen.add(id);
  }
}
