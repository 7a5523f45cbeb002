import { type AuditFilter, auditOperations } from "@tributary/audit";
import { type DateTest, FhirRefusal, isResourceId, parseReference, type VirtualCondition } from "@tributary/fhir";
import { actionCodes, eventTypes, failureOutcomes, failures } from "./audit-event-codes.ts";

/** Combinations of values that one search may come to; each is a search of its own. */
const alternativesMax = 20;

/**
 * The filters that a search comes to: what passes any of them is found. Empty when nothing can be found. Throws a refusal
 * for a value that cannot be meant, or for too many combinations.
 */
export function filtersOf(conditions: readonly VirtualCondition[], base: string): AuditFilter[] {
  let filters: AuditFilter[] = [{ isSealed: true }];
  for (const condition of conditions) {
    const alternatives = alternativesOf(condition, base);
    filters = filters.flatMap((filter) => alternatives.flatMap((more) => together(filter, more) ?? []));
    if (filters.length > alternativesMax) {
      throw refused("too-costly", `The values come to more than ${alternativesMax} combinations; search in parts.`);
    }
  }
  return filters;
}

function alternativesOf(condition: VirtualCondition, base: string): AuditFilter[] {
  if (condition.kind === "date") return condition.anyOf.flatMap(datesOf);
  return condition.anyOf.flatMap((value) => textFilters(condition.code, value, base));
}

function textFilters(code: string, value: string, base: string): readonly AuditFilter[] {
  const [system, token] = value.includes("|") ? splitAtLast(value) : [undefined, value];
  switch (code) {
    case "agent":
      return [{ actor: nameIn(token) }, { node: nameIn(token) }];
    case "agent-name":
      return [{ actor: value }];
    case "source":
    case "site":
      return [{ node: nameIn(token) }];
    case "entity":
    case "patient":
      return [{ reference: recordIn(code, value, base) }];
    case "action":
      return isActionCode(token) ? [{ change: actionCodes[token] }] : [];
    case "outcome":
      return token === "0" ? [{ outcomesExcept: failures }] : isFailure(token) ? failureOutcomes[token] : [];
    case "type":
      return Object.values(eventTypes).flatMap((known) =>
        token === known.code && (system === undefined || system === known.system)
          ? [{ isOfRecord: known.code === eventTypes.record.code }]
          : [],
      );
    case "subtype":
      return subtypeFilters(token);
  }
  return [];
}

function subtypeFilters(token: string): readonly AuditFilter[] {
  if (token === "create" || token === "update" || token === "delete") return [{ change: token }];
  return auditOperations.flatMap((operation) => (operation === token ? [{ operation }] : []));
}

/** A test of the moment at which an entry was made, which is one millisecond. */
function datesOf({ comparison, low, high }: DateTest): readonly AuditFilter[] {
  switch (comparison) {
    case "eq":
    case "ap":
      return [{ since: low, until: high }];
    case "ne":
      return [{ until: low }, { since: high }];
    case "gt":
    case "sa":
      return [{ since: high }];
    case "ge":
      return [{ since: low }];
    case "lt":
    case "eb":
      return [{ until: low }];
    case "le":
      return [{ until: high }];
  }
}

/** Both filters in one; `undefined` when nothing can pass both. */
function together(one: AuditFilter, other: AuditFilter): AuditFilter | undefined {
  const since = Math.max(one.since ?? Number.NEGATIVE_INFINITY, other.since ?? Number.NEGATIVE_INFINITY);
  const until = Math.min(one.until ?? Number.POSITIVE_INFINITY, other.until ?? Number.POSITIVE_INFINITY);
  if (since >= until) return undefined;
  for (const name of ["actor", "node", "reference", "operation", "outcome", "change", "isOfRecord"] as const) {
    if (one[name] !== undefined && other[name] !== undefined && one[name] !== other[name]) return undefined;
  }
  return {
    ...one,
    ...other,
    ...(Number.isFinite(since) && { since }),
    ...(Number.isFinite(until) && { until }),
  };
}

function recordIn(code: string, value: string, base: string): string {
  const text = value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
  const bare = text.replace(/\/_history\/[^/]*$/, "");
  if (code === "patient" && isResourceId(bare)) return `Patient/${bare}`;
  const key = parseReference(bare);
  if (!key) throw refused("value", `${code} is no reference; write Type/id, such as Patient/123.`);
  return `${key.type}/${key.id}`;
}

/** A node or user by its name, also where it is written as a reference. */
function nameIn(token: string): string {
  return token.replace(/^(Device|Practitioner|Organization)\//, "");
}

function splitAtLast(value: string): [system: string, token: string] {
  const at = value.lastIndexOf("|");
  return [value.slice(0, at), value.slice(at + 1)];
}

function isActionCode(text: string): text is keyof typeof actionCodes {
  return Object.hasOwn(actionCodes, text);
}

function isFailure(text: string): text is keyof typeof failureOutcomes {
  return Object.hasOwn(failureOutcomes, text);
}

function refused(code: "value" | "too-costly", diagnostics: string): FhirRefusal {
  return new FhirRefusal(400, [{ severity: "error", code, diagnostics }]);
}
