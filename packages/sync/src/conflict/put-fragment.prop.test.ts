import { isJsonObject, type JsonObject } from "@tributary/fhir";
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalText } from "./merge/content/canonical-text.ts";
import { mergeResources } from "./merge/merge-resources.ts";
import type { PolicyRule } from "./merge/policy/merge-policy.ts";
import { editedRecord } from "./merge/testing/arbitrary-records.ts";
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
