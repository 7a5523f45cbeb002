import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLinkElement } from "../rest/link-element.ts";
import { rewriteLinks } from "./link-text.ts";

const urn = "urn:uuid:6f0c4f0e-0000-4000-8000-000000000001";
const target = (link: string) => (link === urn ? "Patient/1" : undefined);
const rewrite = (text: string) => rewriteLinks(text, target, isLinkElement);

describe("the links of a resource", () => {
  it("are rewritten in references, at any depth, and nothing else changes", () => {
    const text = `{"resourceType":"Observation", "valueQuantity":{"value":1.00},"subject":{ "reference" : "${urn}", "display":"${urn}"},"focus":[{"reference":"${urn}"},{"reference":"Patient/${urn}"}]}`;

    expect(rewrite(text)).toBe(
      `{"resourceType":"Observation", "valueQuantity":{"value":1.00},"subject":{ "reference" : "Patient/1", "display":"${urn}"},"focus":[{"reference":"Patient/1"},{"reference":"Patient/${urn}"}]}`,
    );
  });

  it("are rewritten in elements that hold a URI, and not in those that hold text", () => {
    const text = `{"resourceType":"Patient","identifier":[{"system":"urn:ietf:rfc:3986","value":"${urn}"}],"extension":[{"url":"http://a","valueUri":"${urn}"},{"url":"http://b","valueString":"${urn}"}],"implicitRules":"${urn}"}`;

    const written = JSON.parse(rewrite(text)) as Record<string, unknown>;

    expect(written).toMatchObject({
      identifier: [{ value: urn }],
      extension: [{ valueUri: "Patient/1" }, { valueString: urn }],
      implicitRules: "Patient/1",
    });
  });

  it("are rewritten in the narrative's href and src, and keep what follows #", () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${urn}#x">${urn}</a><img src='${urn}'/></div>`;
    const text = JSON.stringify({ resourceType: "Patient", text: { status: "generated", div } });

    const { text: narrative } = JSON.parse(rewrite(text)) as { text: { div: string } };

    expect(narrative.div).toBe(
      `<div xmlns="http://www.w3.org/1999/xhtml"><a href="Patient/1#x">${urn}</a><img src='Patient/1'/></div>`,
    );
  });

  it("are read through their escapes", () => {
    const text = `{"resourceType":"Observation","subject":{"\\u0072eference":"urn\\u003auuid:6f0c4f0e-0000-4000-8000-000000000001"}}`;

    expect(JSON.parse(rewrite(text))).toMatchObject({ subject: { reference: "Patient/1" } });
  });

  it("leave a text without links as it is", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(rewriteLinks(text, target, () => true)).toBe(text);
      }),
    );
  });
});
