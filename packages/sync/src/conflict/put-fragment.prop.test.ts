import { isJsonObject, type JsonObject, type JsonValue } from "@tributary/fhir";
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalText } from "./merge/content/canonical-text.ts";
import { mergeResources } from "./merge/merge-resources.ts";
import type { PolicyRule } from "./merge/policy/merge-policy.ts";
import { editedRecord } from "./merge/testing/arbitrary-records.ts";
import { putBack } from "./plan-return.ts";
import { putFragment } from "./put-fragment.ts";

const mergeAll: readonly PolicyRule[] = [
  { type: "*", policy: "merge" },
  { type: "*", element: "*", policy: "merge" },
];

it("[S39] finds the place of every contested element in the merged body, for either side", () => {
  fc.assert(
    fc.property(editedRecord, (sides) => {
      const { merged, contested } = mergeResources({ ...sides, policies: mergeAll });
      if (!isJsonObject(merged)) return;
      const type = String(merged["resourceType"]);
      for (const element of contested.filter(({ path }) => path !== type)) {
        for (const fragment of [element.mine, element.theirs]) {
          expect(putFragment(structuredClone(merged), type, element, fragment)).toMatchObject({ kind: "put" });
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

it("[S39] changes nothing where the shown value is taken", () => {
  fc.assert(
    fc.property(editedRecord, (sides) => {
      const { merged, contested } = mergeResources({ ...sides, policies: mergeAll });
      if (!isJsonObject(merged)) return;
      const type = String(merged["resourceType"]);
      for (const element of contested.filter(({ path }) => path !== type)) {
        const { shown } = element;
        if (shown !== "mine" && shown !== "theirs") continue;
        const body: JsonObject = structuredClone(merged);

        putFragment(body, type, element, element[shown]);

        expect(canonicalText(body)).toBe(canonicalText(merged));
      }
    }),
    { numRuns: 1_000 },
  );
});

it("[S175] puts back what a decision had replaced, and nothing else", () => {
  let back = 0;
  let refused = 0;
  fc.assert(
    fc.property(editedRecord, (sides) => {
      const { merged, contested } = mergeResources({ ...sides, policies: mergeAll });
      if (!isJsonObject(merged)) return;
      const type = String(merged["resourceType"]);
      for (const element of contested.filter(({ path }) => path !== type)) {
        for (const fragment of [element.base, element.mine, element.theirs]) {
          const body: JsonObject = structuredClone(merged);
          const put = putFragment(body, type, element, fragment);
          if (put.kind !== "put") continue;
          const change = { before: put.replaced ?? null, after: fragment ?? null };
          const isBack = putBack(body, type, element, change);
          if (isBack) expect(unordered(body)).toBe(unordered(merged));
          if (isBack) back += 1;
          else refused += 1;
        }
      }
    }),
    { numRuns: 1_000 },
  );
  expect(back).toBeGreaterThan(10 * refused);
});

/** The items of a list in one order, since those that were apart come back side by side. */
function unordered(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(unordered).toSorted().join()}]`;
  if (!isJsonObject(value)) return canonicalText(value);
  const members = Object.entries(value).map(([name, member]) => `${name}:${unordered(member)}`);
  return `{${members.toSorted().join()}}`;
}
