import { describe, expect, it } from "vitest";
import { type ElementDefinition, elementTable } from "./element-table.ts";
import { requiredCodes } from "./required-codes.ts";
import { isResourceType, resourceTypes } from "./resource-types.ts";
import { searchParametersOf } from "./search-parameters.ts";

describe("resource types", () => {
  it("are the 146 that R4 defines, without the abstract ones", () => {
    expect(resourceTypes).toHaveLength(146);
    expect(isResourceType("Patient")).toBe(true);
    expect(isResourceType("DomainResource")).toBe(false);
    expect(isResourceType("SubscriptionStatus")).toBe(false);
    expect(isResourceType("constructor")).toBe(false);
  });
});

describe("element tables", () => {
  it("have the inherited elements before a type's own", () => {
    const names = elementTable("Patient")!.elements.map((element) => element.name);

    expect(names.slice(0, 9)).toEqual([
      "id",
      "meta",
      "implicitRules",
      "language",
      "text",
      "contained",
      "extension",
      "modifierExtension",
      "identifier",
    ]);
    expect(names.at(-1)).toBe("link");
  });

  it("state choices with the name each type has in JSON", () => {
    expect(elementOf("Patient", "deceased")).toEqual({
      name: "deceased",
      isChoice: true,
      isRequired: false,
      isList: false,
      types: [
        { code: "boolean", jsonName: "deceasedBoolean" },
        { code: "dateTime", jsonName: "deceasedDateTime" },
      ],
    });
    expect(elementOf("Extension", "value").types).toHaveLength(50);
  });

  it("state the types a reference may lead to, and none where it may lead to any", () => {
    expect(elementOf("Patient.link", "other").types).toEqual([
      { code: "Reference", jsonName: "other", targets: ["Patient", "RelatedPerson"] },
    ]);
    expect(elementOf("Observation", "focus").types).toEqual([{ code: "Reference", jsonName: "focus" }]);
  });

  it("know required bindings, cardinalities and elements that repeat their parent", () => {
    expect(elementOf("Observation", "status")).toMatchObject({ isRequired: true, valueSet: "observation-status" });
    expect(elementOf("Questionnaire.item", "item")).toMatchObject({
      isList: true,
      types: [{ code: "Questionnaire.item", jsonName: "item" }],
    });
  });

  it("hold R4 alone, without what the published package adds to it", () => {
    expect(elementTable("Meta")!.elements.map((element) => element.name)).toEqual([
      "id",
      "extension",
      "versionId",
      "lastUpdated",
      "source",
      "profile",
      "security",
      "tag",
    ]);
    expect(elementTable("Binary")!.elements.map((element) => element.name)).not.toContain("url");
  });

  it("exist for every type that an element of any resource has", () => {
    const withoutTable = [...reachableTypes()].filter((type) => !elementTable(type) && !isPrimitive(type));

    expect(withoutTable).toEqual([]);
    expect(elementTable("toString")).toBeUndefined();
  });
});

describe("required codes", () => {
  it("list a value set by code system", () => {
    const codes = requiredCodes("administrative-gender")!;

    expect([...codes.codes]).toEqual(["female", "male", "other", "unknown"]);
    expect([...codes.bySystem.keys()]).toEqual(["http://hl7.org/fhir/administrative-gender"]);
  });

  it("are known for every required binding but those that cannot be listed", () => {
    const valueSets = [...reachableTypes()].flatMap(
      (type) => elementTable(type)?.elements.flatMap(({ valueSet }) => valueSet ?? []) ?? [],
    );
    const unlisted = new Set(valueSets.filter((valueSet) => !requiredCodes(valueSet)));

    expect([...unlisted].sort()).toEqual(["LL379-9", "currencies", "mimetypes", "ucum-units"]);
  });
});

describe("search parameters", () => {
  it("of a type include those of every resource", () => {
    const codes = searchParametersOf("Patient").map((parameter) => parameter.code);

    expect(codes).toEqual(expect.arrayContaining(["_id", "_lastUpdated", "birthdate", "general-practitioner"]));
    expect(codes).toHaveLength(29);
    expect(searchParametersOf("Nothing")).toEqual([]);
  });

  it("that several types share are cut to the type", () => {
    expect(searchParametersOf("Encounter").find((parameter) => parameter.code === "patient")).toEqual({
      code: "patient",
      type: "reference",
      expression: "Encounter.subject.where(resolve() is Patient)",
      url: "http://hl7.org/fhir/SearchParameter/clinical-patient",
      description: "The patient or group present at the encounter",
      targets: ["Patient"],
    });
  });

  it("begin their expression at the type, in every type", () => {
    const astray = resourceTypes.flatMap((type) =>
      searchParametersOf(type)
        .filter(({ expression }) => !expression.split(" | ").every((one) => new RegExp(`^\\(*${type}\\b`).test(one)))
        .map(({ code }) => `${type}.${code}`),
    );

    expect(astray).toEqual([]);
  });
});

function elementOf(type: string, name: string): ElementDefinition {
  return elementTable(type)!.elements.find((element) => element.name === name)!;
}

/** Every type that occurs in a resource, at any depth. */
function reachableTypes(): Set<string> {
  const reached = new Set(resourceTypes);
  for (const type of reached) {
    for (const element of elementTable(type)?.elements ?? []) for (const { code } of element.types) reached.add(code);
  }
  return reached;
}

function isPrimitive(type: string): boolean {
  return /^[a-z]/.test(type);
}
