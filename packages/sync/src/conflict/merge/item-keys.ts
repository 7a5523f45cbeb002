import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";
import { canonicalText, contentHash } from "./content/canonical-text.ts";
import type { ElementGroup } from "./element-groups.ts";

/** How the items of one list are known again on the other side; never by their place. */
export interface ItemKeys {
  /**
   * What makes two items the same thing, so that differences are edits of it. Where there is nothing better it is the
   * whole content, and an edited item is another one until its key says whose successor it is.
   */
  readonly identityOf: (item: JsonValue) => string;
  /** The FHIRPath criterion that stands for the item, `use='official'`; `undefined` when only content tells it. */
  readonly keyOf: (item: JsonValue) => string | undefined;
  /** Whether two sides' different items of one key are both kept, contested or not. */
  readonly keepsBoth: boolean;
}

/** The keys of a list. What has no key of its kind goes by its `id`, and else by content. */
export function itemKeysOf({ kind, typeName = "", path }: ElementGroup, type: string): ItemKeys {
  if (kind === "set") return { identityOf: canonicalText, keyOf: () => undefined, keepsBoth: true };
  if (typeName === "Identifier") return identifierKeys;
  const { parts, isAlwaysKey = false } = keyParts[`${type}.${path}`] ?? keyParts[typeName] ?? noKey;
  return {
    identityOf: canonicalText,
    keyOf: (item) => {
      if (!isJsonObject(item)) return undefined;
      return criteriaOf(item, parts, isAlwaysKey) ?? criteriaOf(item, ["id"], false);
    },
    keepsBoth: false,
  };
}

/** The FHIRPath of an item of the list at `listPath`; where no key tells the item, the hash of its content does. */
export function itemPath({ keepsBoth, identityOf, keyOf }: ItemKeys, listPath: string, item: JsonValue): string {
  const criterion = keepsBoth ? identityOf(item) : keyOf(item);
  return criterion === undefined ? `${listPath}[#${contentHash(item)}]` : pathByKey(listPath, criterion);
}

/** The FHIRPath of the items of one key; a long key, an attachment that is its own URL say, stands there by its hash. */
export function pathByKey(listPath: string, criterion: string): string {
  return criterion.length > criterionLengthMax
    ? `${listPath}[${hashOf(criterion)}]`
    : `${listPath}.where(${criterion})`;
}

/** Tells whether an item is one that a path's selector names, be it by its key, the key's hash, or its content's. */
export function isNamedBy(selector: string, item: JsonValue, { keepsBoth, identityOf, keyOf }: ItemKeys): boolean {
  const keys = keepsBoth ? [keyOf(item), identityOf(item)] : [keyOf(item)];
  if (keys.includes(selector)) return true;
  if (!selector.startsWith("#")) return false;
  return hashOf(item) === selector || keys.some((key) => key !== undefined && hashOf(key) === selector);
}

/** A key that a person reads is shorter; and a path of many steps is still one that every node takes. */
const criterionLengthMax = 200;

function hashOf(content: JsonValue): string {
  return `#${contentHash(content)}`;
}

/** Identifiers are told apart by system and value; two values of one system and type cannot both be right. */
const identifierKeys: ItemKeys = {
  identityOf: (item) =>
    isJsonObject(item) && criteriaOf(item, ["value"], false) ? identity(item) : canonicalText(item),
  keyOf: (item) => (isJsonObject(item) ? criteriaOf(item, ["system", "type"], false) : undefined),
  keepsBoth: true,
};

function identity(item: JsonObject): string {
  return criteriaOf(item, ["system", "value"], true)!;
}

interface KeyParts {
  /** Members whose values together are the key; the empty name is the item itself. */
  readonly parts: readonly string[];
  /** Whether the absence of all parts is a key as well. */
  readonly isAlwaysKey?: boolean;
}

const noKey: KeyParts = { parts: [] };

/** The keys of data types, and of elements by their paths. */
const keyParts: Readonly<Record<string, KeyParts>> = {
  Address: { parts: ["use"], isAlwaysKey: true },
  Attachment: { parts: ["url"] },
  CodeableConcept: { parts: [""] },
  Coding: { parts: ["system", "code"] },
  ContactPoint: { parts: ["system", "use"], isAlwaysKey: true },
  Dosage: { parts: ["sequence"] },
  Extension: { parts: ["url"] },
  HumanName: { parts: ["use"], isAlwaysKey: true },
  Reference: { parts: [""] },
  Resource: { parts: ["id"] },
  "AllergyIntolerance.reaction": { parts: ["substance"] },
  "Appointment.participant": { parts: ["actor", "type"] },
  "CarePlan.activity": { parts: ["reference"] },
  "CareTeam.participant": { parts: ["member", "role"] },
  "Composition.section": { parts: ["code", "title"] },
  "Condition.evidence": { parts: ["code"] },
  "Condition.stage": { parts: ["type"] },
  "Encounter.classHistory": { parts: ["class", "period"] },
  "Encounter.diagnosis": { parts: ["condition"] },
  "Encounter.location": { parts: ["location"] },
  "Encounter.participant": { parts: ["individual", "type"] },
  "Encounter.statusHistory": { parts: ["status", "period"] },
  "FamilyMemberHistory.condition": { parts: ["code"] },
  "Goal.target": { parts: ["measure"] },
  "Group.member": { parts: ["entity"] },
  "List.entry": { parts: ["item"] },
  "Observation.component": { parts: ["code"] },
  "Patient.communication": { parts: ["language"] },
  "Patient.contact": { parts: ["relationship"] },
  "Patient.link": { parts: ["other"] },
  "Practitioner.qualification": { parts: ["code"] },
  "Procedure.performer": { parts: ["actor"] },
  "QuestionnaireResponse.item": { parts: ["linkId"] },
  "QuestionnaireResponse.item.item": { parts: ["linkId"] },
  "Task.input": { parts: ["type"] },
  "Task.output": { parts: ["type"] },
};

function criteriaOf(item: JsonObject, parts: readonly string[], isAlwaysKey: boolean): string | undefined {
  const criteria = parts.map((part) => criterionOf(part, part === "" ? item : item[part]));
  if (!isAlwaysKey && criteria.every((criterion) => criterion === undefined)) return undefined;
  return criteria.map((criterion, index) => criterion ?? `${parts[index]}.empty()`).join(" and ");
}

/** The FHIRPath that is true of items with this value: codes by system and code, references by where they lead. */
function criterionOf(name: string, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return `${name}=${quoted(value)}`;
  if (typeof value !== "object") return `${name}=${value}`;
  if (Array.isArray(value)) {
    const criteria = value.flatMap((one) => criterionOf(name, one) ?? []);
    return criteria.length > 0 ? criteria.sort().join(" and ") : undefined;
  }
  const { reference, coding, identifier, system, code, start, text } = value;
  const inside = (member: string) => (name === "" ? member : `${name}.${member}`);
  if (typeof reference === "string") return criterionOf(inside("reference"), reference);
  if (Array.isArray(coding) && coding.length > 0) return criterionOf(inside("coding"), coding);
  if (isJsonObject(identifier)) return `${inside("identifier")}.where(${identity(identifier)}).exists()`;
  if (typeof code === "string") {
    return `${name}.where(${criteriaOf({ system, code }, ["system", "code"], true)}).exists()`;
  }
  return criterionOf(inside("start"), start) ?? criterionOf(inside("text"), text);
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
