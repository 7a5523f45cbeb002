import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takeBundleApart } from "./bundle-text.ts";
import { countMembers } from "./json-value.ts";
import { bundleEntriesMax, nestingDepthMax } from "./limits.ts";

describe("a Bundle taken apart", () => {
  it("gives each entry's resource as the text that was received", () => {
    const resources = ['{ "resourceType":"Patient","x":"}],{" }', '{"resourceType":"Basic","n":1.00}'];
    const text = `{"entry" : [ {"request":{"method":"POST"},"resource": ${resources[0]} },{"fullUrl":"a"},{"\\u0072esource":${resources[1]},"resources":{"a":1}}],"type":"batch","resourceType":"Bundle"}`;

    const bundle = takeBundleApart(text);

    expect(bundle.type).toBe("batch");
    expect(bundle.entries.map(({ resource }) => resource)).toEqual([resources[0], undefined, resources[1]]);
    expect(bundle.entries[2]?.envelope).toEqual({ resource: null, resources: { a: 1 } });
    expect(bundle.resourceMembers).toBe(4);
  });

  it("counts the resources' members as they are when parsed", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (resources) => {
        const entry = resources.map((resource) => ({ resource }));

        const bundle = takeBundleApart(JSON.stringify({ resourceType: "Bundle", type: "batch", entry }, null, 1));

        const parsed = bundle.entries.map(({ resource }) => JSON.parse(resource ?? "") as unknown);
        expect(parsed).toEqual(resources.map((resource) => JSON.parse(JSON.stringify(resource))));
        expect(bundle.resourceMembers).toBe(parsed.reduce<number>((sum, one) => sum + countMembers(one), 0));
      }),
    );
  });

  const entries = (count: number) => `{"resourceType":"Bundle","type":"batch","entry":[${"{},".repeat(count - 1)}{}]}`;
  it.each([
    ["no JSON", '{"resourceType":"Bundle"', 400],
    ["no object", "[]", 400],
    ["another resource", '{"resourceType":"Patient"}', 400],
    ["entries that are no array", '{"resourceType":"Bundle","entry":{"resource":{}}}', 400],
    ["an entry that is no object", '{"resourceType":"Bundle","entry":[1]}', 400],
    ["a resource that is an array", '{"resourceType":"Bundle","entry":[{"resource":[{}]}]}', 400],
    ["a resource that is null", '{"resourceType":"Bundle","entry":[{"resource":null}]}', 400],
    ["an entry with two resources", '{"resourceType":"Bundle","entry":[{"resource":{},"resource":{}}]}', 400],
    ["a name that is cut off", '{"resourceType":"Bundle","entry":[{"\\u00":{}}]}', 400],
    ["too many entries", entries(bundleEntriesMax + 1), 413],
    ["too many levels", `{"a":${"[".repeat(nestingDepthMax)}${"]".repeat(nestingDepthMax)}}`, 400],
    ["a great many levels", "[".repeat(3_000_000), 400],
  ])("is refused when it is or has %s", (_what, text, status) => {
    expect(() => takeBundleApart(text)).toThrow(expect.objectContaining({ name: "FhirRefusal", status }));
  });

  it("takes as many entries as the limit allows", () => {
    expect(takeBundleApart(entries(bundleEntriesMax)).entries).toHaveLength(bundleEntriesMax);
  });
});
