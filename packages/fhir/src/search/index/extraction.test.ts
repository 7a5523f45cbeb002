import { evalFhirPath } from "@medplum/core";
import { describe, expect, it } from "vitest";
import { samples } from "../../../testing/samples.ts";
import { searchParametersOf } from "../../definitions/search-parameters.ts";
import { compilePath } from "../expression/compile-path.ts";
import { parseExpression } from "../expression/parse-expression.ts";
import { typesOf } from "../parameter/parameter-kind.ts";

/** Composite and special parameters are not extracted at all. */
const extracted = ["token", "string", "reference", "date", "quantity", "number", "uri"] as const;

describe("the elements that a search parameter looks at", () => {
  it.each(samples.map((sample) => [sample.resourceType, sample] as const))(
    "in a %s are those that a full FHIRPath engine finds",
    (resourceType, sample) => {
      for (const { code, type, expression } of searchParametersOf(resourceType)) {
        if (!isExtracted(type)) continue;
        // The engine cannot resolve references; which type they lead to is asked when searching.
        const unresolved = expression.replaceAll(/\.where\(resolve\(\) is \w+\)/g, "");
        const theirs = evalFhirPath(unresolved, sample as never);

        expect(oursFor(expression, type, sample), `${resourceType}.${code}`).toEqual(theirs.map(plain));
      }
    },
  );

  it("are looked for in samples that reach every kind of parameter and step", () => {
    const kinds = new Set(
      samples.flatMap(({ resourceType }) => searchParametersOf(resourceType).map(({ type }) => type)),
    );

    expect([...kinds]).toEqual(expect.arrayContaining([...extracted]));
  });
});

function oursFor(expression: string, kind: (typeof extracted)[number], sample: object): unknown[] {
  const found: unknown[] = [];
  for (const { steps } of parseExpression(expression))
    compilePath(steps, typesOf[kind])(sample, (element) => found.push(element));
  return found;
}

function isExtracted(type: string): type is (typeof extracted)[number] {
  return (extracted as readonly string[]).includes(type);
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
