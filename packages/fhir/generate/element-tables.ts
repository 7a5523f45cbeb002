import type { ElementDefinition, ElementDefinitionType, StructureDefinition } from "@medplum/fhirtypes";
import { presenceRules } from "./presence-rules.ts";

/** What `elements.generated.json` holds; the notation is explained in `README.md`. */
export interface ElementTables {
  readonly openTypes: string;
  readonly elements: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<string, string>>;
}

/** Writes every resource type, data type and element with children as one line of its own elements. */
export function makeElementTables(structures: readonly StructureDefinition[]): ElementTables {
  const elements: Record<string, string> = {};
  const rules: Record<string, string> = {};
  const extension = structures.find((structure) => structure.type === "Extension")!;
  const openTypes = typesOf(extension.snapshot!.element.find((element) => element.path === "Extension.value[x]")!, "");

  for (const structure of structures) {
    if (structure.kind === "primitive-type") continue;
    for (const [path, children] of groupsOf(structure)) {
      const at = structure.snapshot!.element.find((element) => element.path === path)!;
      const base = path === structure.type ? baseOf(structure) : at.type![0]!.code!;
      elements[path] = [base, ...children.map((child) => lineOf(child, openTypes))].join("; ").trim();
      // NOTE: Constraints of resource types stand at the root element, those of backbone elements at their own.
      const found = presenceRules(at.constraint ?? [], new Set(["extension", ...children.map(nameOf)]));
      if (found.length > 0) rules[path] = found.join("; ");
    }
  }
  elements["SimpleQuantity"] = elements["Quantity"]!.replace(/comparator [^;]*; /, "");
  rules["SimpleQuantity"] = rules["Quantity"]!;
  return { openTypes, elements, rules };
}

/** The elements of each path with children, without those that come from the base type. */
function groupsOf(structure: StructureDefinition): Map<string, ElementDefinition[]> {
  const groups = new Map<string, ElementDefinition[]>([[structure.type!, []]]);
  for (const element of structure.snapshot!.element) {
    const dot = element.path.lastIndexOf(".");
    if (dot < 0 || isInherited(structure, element)) continue;
    const parent = element.path.slice(0, dot);
    const group = groups.get(parent) ?? [];
    groups.set(parent, group);
    group.push(element);
  }
  return groups;
}

const ofElements = { owners: ["Element", "BackboneElement"], names: ["id", "extension", "modifierExtension"] };
const ofResources = {
  owners: ["Resource", "DomainResource"],
  names: [...ofElements.names, "meta", "implicitRules", "language", "text", "contained"],
};

/** Whether the base type has the element already; among the base types themselves each states only its own. */
function isInherited(structure: StructureDefinition, element: ElementDefinition): boolean {
  const isOfResource = structure.kind === "resource" && element.path.split(".").length === 2;
  const { owners, names } = isOfResource ? ofResources : ofElements;
  if (!names.includes(nameOf(element))) return false;
  if (!owners.includes(structure.type!)) return true;
  const fromResource = ["id", "meta", "implicitRules", "language"];
  if (structure.type === "DomainResource") return fromResource.includes(nameOf(element));
  return structure.type === "BackboneElement" && nameOf(element) !== "modifierExtension";
}

function baseOf(structure: StructureDefinition): string {
  const base = structure.baseDefinition?.split("/").pop() ?? "-";
  // MetadataResource adds nothing; the specializations of Quantity state all its elements again.
  if (base === "Quantity") return "Element";
  return base === "MetadataResource" ? "DomainResource" : base;
}

function lineOf(element: ElementDefinition, openTypes: string): string {
  const types = typesOf(element, openTypes);
  const valueSet = element.binding?.strength === "required" ? element.binding.valueSet : undefined;
  const binding = valueSet && /\b(code|CodeableConcept)\b/.test(types) ? ` =${valueSetKey(valueSet)}` : "";
  return `${nameOf(element)} ${element.min}..${element.max} ${types}${binding}`;
}

/** How a value set is called in the tables: the last part of its address, without the version. */
export function valueSetKey(canonical: string): string {
  return canonical.split("|")[0]!.split("/").pop()!;
}

function typesOf(element: ElementDefinition, openTypes: string): string {
  if (element.contentReference) return `@${element.contentReference.slice(1)}`;
  const written = element.type!.map((type) => typeOf(element, type)).join("|");
  return written === openTypes ? "*" : written;
}

function typeOf(element: ElementDefinition, type: ElementDefinitionType): string {
  const code = type.code!;
  if (code === "BackboneElement" || code === "Element") return `@${element.path}`;
  if (code.startsWith("http://hl7.org/fhirpath/")) {
    if (element.path === "Resource.id") return "id";
    const fhirType = type.extension?.find((extension) => extension.url.endsWith("structuredefinition-fhir-type"));
    return fhirType?.valueUrl ?? "string";
  }
  if (type.profile?.some((profile) => profile.endsWith("/SimpleQuantity"))) return "SimpleQuantity";
  if (code !== "Reference") return code;
  const targets = (type.targetProfile ?? []).map((profile) => profile.split("/").pop()!);
  return targets.length === 0 || targets.includes("Resource") ? code : `${code}(${[...targets].sort().join(",")})`;
}

function nameOf(element: ElementDefinition): string {
  return element.path.slice(element.path.lastIndexOf(".") + 1);
}
