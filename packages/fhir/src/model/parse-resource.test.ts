import { describe, expect, it } from "vitest";
import { nestingDepthMax } from "./limits.ts";
import { parseResource } from "./parse-resource.ts";

const nested = (levels: number) => `{"resourceType":"Basic","x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

describe("parsing a resource", () => {
  it.each([
    ["nothing", " \n"],
    ["no JSON", "{"],
    ["an array", '[{"resourceType":"Patient"}]'],
    ["a text", '"Patient"'],
    ["null", "null"],
    ["no type", '{"id":"a"}'],
    ["a type that is no text", '{"resourceType":["Patient"]}'],
    ["a repeated name", '{"resourceType":"Patient","id":"a","id":"b"}'],
    ["a repeated name inside", '{"resourceType":"Patient","name":[{"family":"a","\\u0066amily":"b"}]}'],
    ["__proto__ twice", '{"resourceType":"Patient","__proto__":{},"__proto__":{}}'],
    ["too many levels", nested(nestingDepthMax + 1)],
    ["millions of levels", "[".repeat(5_000_000)],
    ["two values", '{"resourceType":"Patient"}{"resourceType":"Patient"}'],
  ])("refuses %s with 400", (_what, text) => {
    expect(() => parseResource(text)).toThrow(expect.objectContaining({ name: "FhirRefusal", status: 400 }));
  });

  it("takes as many levels as the limit allows", () => {
    expect(parseResource(nested(nestingDepthMax))["resourceType"]).toBe("Basic");
  });

  it("takes a member named __proto__ as a member like any other", () => {
    const resource = parseResource('{"resourceType":"Basic","__proto__":{"polluted":true}}');

    expect(Object.getPrototypeOf(resource)).toBe(Object.prototype);
    expect(Object.hasOwn(resource, "__proto__")).toBe(true);
  });
});
