import { type ElementDefinition, elementTable } from "@tributary/fhir";
import { atomicLists, coupledElements, memberwiseDataTypes } from "./atomicity.ts";

/** The members of one JSON object that are merged as one thing: an element, or several that belong together. */
export interface ElementGroup {
  /** Its first element, as FHIRPath names it: `deceased`, not `deceasedBoolean`. */
  readonly name: string;
  readonly elements: readonly string[];
  /** Where it is below the resource, without the keys of items: `contact.telecom`. */
  readonly path: string;
  /** The names in JSON: `birthDate`, `_birthDate`; for a choice those of all its types. */
  readonly members: readonly string[];
  readonly kind: GroupKind;
  /** The data type, or the path of the element table, of the value or of each item; `undefined` for several elements. */
  readonly typeName: string | undefined;
}

/**
 * How a group that both sides changed is merged: not at all; an object member by member; a list item by item; a list
 * of bare values, which are their own keys.
 */
export type GroupKind = "atomic" | "members" | "list" | "set";

/** The elements of one type, grouped for merging. */
export interface TypeShape {
  /** The group that a member of the JSON belongs to; a name that R4 does not know is a group by itself. */
  groupOf(member: string): ElementGroup;
  /** The group of an element as FHIRPath names it. */
  groupOfElement(element: string): ElementGroup;
  /** Members that are no content: the type, and what every node says of its own version. */
  readonly ignored: ReadonlySet<string>;
}

const shapes = new Map<string, TypeShape>();
const nothingIgnored: ReadonlySet<string> = new Set();
const ignoredIn: Readonly<Record<string, ReadonlySet<string>>> = { Meta: new Set(["versionId", "lastUpdated"]) };
const ignoredInResource: ReadonlySet<string> = new Set(["resourceType"]);

/** The shape of a resource type, `Patient`, of an element with elements of its own, `Patient.contact`, or of `Meta`. */
export function shapeOf(typeName: string): TypeShape {
  let shape = shapes.get(typeName);
  if (!shape) {
    shape = compile(typeName);
    if (elementTable(typeName)) shapes.set(typeName, shape);
  }
  return shape;
}

/** Tells whether values of a type are merged member by member. */
export function isMemberwise(typeName: string | undefined): boolean {
  return typeName !== undefined && (typeName.includes(".") || memberwiseDataTypes.has(typeName));
}

function compile(typeName: string): TypeShape {
  const prefix = prefixOf(typeName);
  const definitions = elementTable(typeName)?.elements ?? [];
  const byMember = new Map<string, ElementGroup>();
  const byElement = new Map<string, ElementGroup>();
  for (const definition of definitions) {
    if (byElement.has(definition.name)) continue;
    const coupled = coupledWith(typeName, definition, definitions);
    const group = coupled.length > 1 ? coupledGroup(coupled, prefix) : elementGroup(typeName, definition, prefix);
    for (const element of group.elements) byElement.set(element, group);
    for (const member of group.members) byMember.set(member, group);
  }
  const unknown = (name: string): ElementGroup => {
    const plain = name.startsWith("_") ? name.slice(1) : name;
    return {
      name: plain,
      elements: [plain],
      path: prefix + plain,
      members: [plain, `_${plain}`],
      kind: "atomic",
      typeName: undefined,
    };
  };
  return {
    groupOf: (member) => byMember.get(member) ?? unknown(member),
    groupOfElement: (element) => byElement.get(element) ?? byMember.get(element) ?? unknown(element),
    ignored: ignoredIn[typeName] ?? (typeName.includes(".") ? nothingIgnored : ignoredInResource),
  };
}

/** `Patient` has none, `Patient.contact` has `contact.`, `Meta` has `meta.`. */
function prefixOf(typeName: string): string {
  if (memberwiseDataTypes.has(typeName)) return `${typeName.toLowerCase()}.`;
  const dot = typeName.indexOf(".");
  return dot < 0 ? "" : `${typeName.slice(dot + 1)}.`;
}

function coupledWith(
  typeName: string,
  { name }: ElementDefinition,
  definitions: readonly ElementDefinition[],
): ElementDefinition[] {
  const names = coupledElements(typeName).find((couple) => couple.includes(name)) ?? [name];
  return names.flatMap((one) => definitions.find((definition) => definition.name === one) ?? []);
}

function coupledGroup(definitions: readonly ElementDefinition[], prefix: string): ElementGroup {
  const elements = definitions.map(({ name }) => name);
  const [name = ""] = elements;
  const members = definitions.flatMap(membersOf);
  return { name, elements, path: prefix + name, members, kind: "atomic", typeName: undefined };
}

function elementGroup(typeName: string, definition: ElementDefinition, prefix: string): ElementGroup {
  const { name, types } = definition;
  const path = prefix + name;
  const kind = kindOf(`${typeName}.${name}`, definition);
  return { name, elements: [name], path, members: membersOf(definition), kind, typeName: types[0]?.code };
}

function kindOf(place: string, { isChoice, isList, types }: ElementDefinition): GroupKind {
  const code = types[0]?.code ?? "";
  if (isChoice || atomicLists.has(place)) return "atomic";
  if (isList) return isPrimitive(code) ? "set" : "list";
  return isMemberwise(code) ? "members" : "atomic";
}

function membersOf({ types }: ElementDefinition): string[] {
  return types.flatMap(({ code, jsonName }) => (isPrimitive(code) ? [jsonName, `_${jsonName}`] : [jsonName]));
}

function isPrimitive(typeCode: string): boolean {
  return /^[a-z]/.test(typeCode);
}
