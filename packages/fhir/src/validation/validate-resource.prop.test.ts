import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleResources } from "../../testing/sample-resources.ts";
import { elementTable } from "../definitions/element-table.ts";
import { resourceTypes } from "../definitions/resource-types.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../model/json-value.ts";
import { validateResource } from "./validate-resource.ts";

const aSample = fc.constantFrom(...Object.values(sampleResources)).map((make) => make());
const aSeed = fc.nat();

describe("whatever is done to a valid resource", () => {
  it("a value of another JSON type is found", () => {
    holdsFor((resource, seed) => {
      const place = pick(placesIn(resource), seed);
      const value = valueAt(place);
      replaceAt(place, isJsonObject(value) ? [value] : Array.isArray(value) ? { item: value } : { value });
    });
  });

  it("an empty value is found", () => {
    holdsFor((resource, seed) => {
      const place = pick(
        placesIn(resource).filter((one) => valueAt(one) !== null),
        seed,
      );
      replaceAt(place, pick(["", [], {}], seed));
    });
  });

  it("a number in the place of a text, and a text in the place of a number, are found", () => {
    holdsFor((resource, seed) => {
      const leaves = placesIn(resource).filter((place) => /string|number|boolean/.test(typeof valueAt(place)));
      const place = pick(leaves, seed);
      replaceAt(place, typeof valueAt(place) === "string" ? 42 : "text");
    });
  });

  it("an element that does not exist is found", () => {
    holdsFor((resource, seed) => {
      const holder = pick([resource, ...placesIn(resource).map(valueAt).filter(isJsonObject)], seed);
      holder["unheardOf"] = "x";
    });
  });

  it("a required element that is taken away is found", () => {
    holdsFor((resource, seed) => {
      const [holder, name] = pick([...requiredMembers(resource), [resource, "resourceType"] as const], seed);
      delete holder[name];
      delete holder[`_${name}`];
    });
  });

  it("a second value of a choice is found", () => {
    holdsFor((resource, seed) => {
      resource["extension"] = [{ url: "https://example.org/a", valueString: "x" }];
      const extension = (resource["extension"] as JsonObject[])[0]!;
      const others = elementTable("Extension")!
        .elements.find((element) => element.name === "value")!
        .types.filter((type) => type.jsonName !== "valueString");
      extension[pick(others, seed).jsonName] = "x";
    });
  });

  it("the message repeats nothing of it but codes", () => {
    const secret = "Amina Diallo, Ségou";

    fc.assert(
      fc.property(aSample, aSeed, (sample, seed) => {
        const resource = structuredClone(sample);
        replaceAt(pick(placesIn(resource), seed), { [secret]: secret });
        const other = structuredClone(sample);
        replaceAt(pick(placesIn(other), seed), secret);

        expect(JSON.stringify([...validateResource(resource), ...validateResource(other)])).not.toContain("Diallo");
      }),
    );
  });
});

describe("whatever is handed over", () => {
  it("the answer is a list of issues, never an exception", () => {
    fc.assert(
      fc.property(fc.constantFrom(...resourceTypes), fc.jsonValue(), (resourceType, value) => {
        const resource = isJsonObject(value) ? { ...value, resourceType } : value;

        expect(Array.isArray(validateResource(resource))).toBe(true);
      }),
    );
  });

  it("an element that holds any JSON is refused, or it is of the right kind", () => {
    const names = elementTable("Observation")!.elements.flatMap((element) =>
      element.types.map((type) => type.jsonName),
    );

    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        const observation = { resourceType: "Observation", status: "final", code: { text: "x" }, [name]: value };

        const issues = validateResource(observation);

        expect(
          issues.length > 0 || typeof value === "string" || typeof value === "number" || typeof value === "boolean",
        ).toBe(true);
      }),
    );
  });
});

function holdsFor(spoil: (resource: JsonObject, seed: number) => void): void {
  fc.assert(
    fc.property(aSample, aSeed, (sample, seed) => {
      // A resource that is nothing but its type gets something to spoil.
      const resource: JsonObject = { id: "an-id", ...structuredClone(sample) };
      spoil(resource, seed);

      expect(validateResource(resource)).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
}

/** A member of an object or an item of an array, by its holder. */
type Place = readonly [JsonObject | JsonValue[], string | number];

function placesIn(holder: JsonObject | JsonValue[]): Place[] {
  const keys: (string | number)[] = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
  return keys.flatMap((key) => {
    const place: Place = [holder, key];
    const value = valueAt(place);
    return [place, ...(typeof value === "object" && value !== null ? placesIn(value) : [])];
  });
}

function valueAt([holder, key]: Place): JsonValue | undefined {
  return (holder as JsonObject)[key];
}

function replaceAt([holder, key]: Place, value: JsonValue): void {
  (holder as JsonObject)[key] = value;
}

/** The members of the resource itself, and of its elements with elements of their own, that must be there. */
function requiredMembers(resource: JsonObject): (readonly [JsonObject, string])[] {
  const found: (readonly [JsonObject, string])[] = [];
  const visit = (type: string, value: JsonValue | undefined): void => {
    if (!isJsonObject(value)) return;
    for (const element of elementTable(type)?.elements ?? []) {
      for (const { code, jsonName } of element.types) {
        const member = value[jsonName];
        if (member === undefined) continue;
        if (element.isRequired) found.push([value, jsonName]);
        for (const item of Array.isArray(member) ? member : [member]) visit(code, item);
      }
    }
  };
  visit(String(resource["resourceType"]), resource);
  return found;
}

function pick<T>(from: readonly T[], seed: number): T {
  return from[seed % from.length]!;
}
