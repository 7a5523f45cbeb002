import { describe, expect, it } from "vitest";
import { elementTable } from "../../definitions/element-table.ts";
import { resourceTypes } from "../../definitions/resource-types.ts";
import { searchParametersOf } from "../../definitions/search-parameters.ts";
import { choiceName } from "../expression/compile-path.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import { typesOf } from "./parameter-kind.ts";
import { findParameter, typeIndexOf } from "./search-parameter.ts";

/** Every parameter of R4 that is not supported, apart from these two that 29 types have in common. */
const contextComposites = ["context-type-quantity", "context-type-value"];
const unsupported = [
  "DocumentReference.relationship",
  "Group.characteristic-value",
  "Location.near",
  "MolecularSequence.chromosome-variant-coordinate",
  "MolecularSequence.chromosome-window-coordinate",
  "MolecularSequence.referenceseqid-variant-coordinate",
  "MolecularSequence.referenceseqid-window-coordinate",
  "Observation.code-value-concept",
  "Observation.code-value-date",
  "Observation.code-value-quantity",
  "Observation.code-value-string",
  "Observation.combo-code-value-concept",
  "Observation.combo-code-value-quantity",
  "Observation.component-code-value-concept",
  "Observation.component-code-value-quantity",
];

describe("the search parameters of R4", () => {
  it("are all indexed, but for the composite and special ones on this list", () => {
    const left = resourceTypes.flatMap((type) =>
      [...typeIndexOf(type).unsupported]
        .filter((code) => !contextComposites.includes(code))
        .map((code) => `${type}.${code}`),
    );

    expect(left).toEqual(unsupported);
  });

  it("each lead somewhere", () => {
    for (const type of resourceTypes) {
      const index = typeIndexOf(type);
      const known = searchParametersOf(type).length - index.unsupported.size - 2;
      expect(index.parameters.size, type).toBe(known);
      expect([...index.parameters.values()].filter(({ sources }) => sources.length === 0)).toEqual([]);
    }
  });

  it("have paths whose numbers no other path has", () => {
    const paths = resourceTypes.flatMap((type) => typeIndexOf(type).paths.map(({ path }) => path));

    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.every((path) => path >= 0 && path < 2 ** 31)).toBe(true);
  });

  it("keep the numbers of their paths in every version, since databases hold them", () => {
    const numbers = [
      ["Patient", "family"],
      ["Observation", "code"],
      ["Observation", "subject"],
      ["Patient", "birthdate"],
    ].map(([type, code]) => findParameter(type!, code!)?.sources[0]?.path);

    expect(numbers).toEqual([374377637, 1845855202, 1812564113, 751973325]);
  });

  it("share rows where they look at the same elements", () => {
    const [subject, patient] = [findParameter("Observation", "subject"), findParameter("Observation", "patient")];
    const [code, combined] = [findParameter("Observation", "code"), findParameter("Observation", "combo-code")];

    expect(patient?.sources).toEqual([{ ...subject!.sources[0], targetType: "Patient" }]);
    expect(combined?.sources).toEqual([...code!.sources, ...findParameter("Observation", "component-code")!.sources]);
    expect(findParameter("Patient", "phonetic")?.sources).toEqual(findParameter("Patient", "name")?.sources);
  });

  it("never take a neighbour for one of the types of an open choice", () => {
    for (const type of resourceTypes) {
      for (const { type: kind, code, expression } of searchParametersOf(type)) {
        if (kind === "composite" || kind === "special" || code.startsWith("_")) continue;
        for (const { steps } of parseExpression(expression)) {
          const names = steps.map((step) => (step.kind === "child" ? step.name : ""));
          const siblings = elementTable(tableOfParent(type, names))?.elements ?? [];
          const taken = typesOf[kind].map((one) => choiceName(names.at(-1)!, one));
          expect(
            siblings.filter(({ name }) => taken.includes(name)),
            `${type}.${code}`,
          ).toEqual([]);
        }
      }
    }
  });
});

/** The table of the element that the last name of a path stands in. */
function tableOfParent(type: string, names: readonly string[]): string {
  return names.slice(0, -1).reduce((table, name) => {
    const element = elementTable(table)?.elements.find((one) => one.name === name);
    return element?.types[0]?.code ?? table;
  }, type);
}
