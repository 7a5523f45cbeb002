import { isResourceType as isKnownType, type JsonObject, validateResource } from "@tributary/fhir";
import type { PushUnit, RefusalClass } from "./push-unit.ts";

/** The parsed content of a unit's records by `Type/id`; deleted ones are absent. */
export type UnitContent = ReadonlyMap<string, JsonObject>;

/** Why a unit is refused for what is in it. */
export interface ContentRefusal {
  readonly reason: string;
  readonly class: RefusalClass;
}

/** Reads what a unit contains, or says why the unit is refused as a whole: one record that is not valid is enough. */
export function readContent({ records }: PushUnit): UnitContent | ContentRefusal {
  const content = new Map<string, JsonObject>();
  for (const { type, id, body } of records) {
    const name = `${type}/${id}`;
    if (!isKnownType(type)) return { reason: `${name} is of a type that is not known here.`, class: "unknown-type" };
    if (body === null) continue;
    let resource: unknown;
    try {
      resource = JSON.parse(body);
    } catch {
      return { reason: `${name} is no JSON.`, class: "invalid" };
    }
    if ((resource as { id?: unknown } | null)?.id !== id)
      return { reason: `${name} has another id in its body.`, class: "invalid" };
    const error = validateResource(resource, { expectedType: type }).find(
      ({ severity }) => severity === "error" || severity === "fatal",
    );
    if (error) {
      const place = error.expression?.[0] ?? type;
      return { reason: `${name} is not valid (${error.code} at ${place}).`, class: "invalid" };
    }
    content.set(name, resource as JsonObject);
  }
  return content;
}
