import { expect, it } from "vitest";
import { generateBundles } from "./generate-bundles.ts";

const fifty = [...generateBundles({ seed: 7, patients: 50 })];

it("tells the same stories for the same seed, byte for byte", () => {
  expect([...generateBundles({ seed: 7, patients: 50 })]).toEqual(fifty);
  expect([...generateBundles({ seed: 8, patients: 50 })]).not.toEqual(fifty);
});

it("makes one Bundle of facilities and one a patient, of many types", () => {
  const types = fifty.flatMap(({ text }) => entriesOf(text).map(({ resource }) => resource.resourceType));

  expect(fifty).toHaveLength(51);
  expect(new Set(types)).toEqual(
    new Set([
      "Organization",
      "Location",
      "Practitioner",
      "Patient",
      "Encounter",
      "Observation",
      "Condition",
      "MedicationRequest",
    ]),
  );
  expect(types.filter((type) => type === "Patient")).toHaveLength(50);
});

it("keeps trailing zeros of decimals in the text", () => {
  expect(fifty.some(({ text }) => /"value":\d+\.\d0[,}]/.test(text))).toBe(true);
});

it("refers only to what the same Bundle or the facilities hold", () => {
  const facilities = entriesOf(fifty[0]!.text).map(({ request }) => request.url);

  for (const { text } of fifty.slice(1)) {
    const own = entriesOf(text).map(({ fullUrl }) => fullUrl);
    const references = [...text.matchAll(/"reference":"([^"]+)"/g)].map((match) => match[1]!);
    expect(references.filter((one) => !own.includes(one) && !facilities.includes(one))).toEqual([]);
  }
});

function entriesOf(text: string) {
  return (
    JSON.parse(text) as {
      entry: { fullUrl?: string; resource: { resourceType: string }; request: { method: string; url: string } }[];
    }
  ).entry;
}
