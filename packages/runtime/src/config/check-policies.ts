import { isResourceType, resourceTypes } from "@tributary/fhir";
import type { ToldSentence } from "@tributary/kernel";
import { policyElement } from "@tributary/sync";
import { configError, configSentence } from "./config-sentences.ts";
import { nearestWord } from "./nearest-word.ts";

/**
 * Makes sure that every rule can be asked: that its type is a FHIR resource type or `*`, and its element one that is
 * merged by itself. `where` names the list and the place that it stands in.
 *
 * Throws `CONFIG_INVALID` with what was meant, as far as that can be told.
 */
export function checkPolicies(
  rules: readonly { readonly type: string; readonly element?: string | undefined }[],
  { key, place }: { readonly key: string; readonly place: string },
): void {
  for (const [at, { type, element }] of rules.entries()) {
    const name = `${key}.${at}`;
    if (type !== "*" && !isResourceType(type)) {
      const advice = adviceFor(type, resourceTypes);
      throw configError(configSentence("policy-type-unknown", { key: `${name}.type`, place, advice }));
    }
    if (element === undefined) continue;
    const answer = policyElement(type, element);
    if (answer.kind === "unknown") {
      const whose =
        type === "*" ? configSentence("element-of-no-type", {}) : configSentence("element-not-of-type", { type });
      const advice = adviceFor(element, answer.known);
      throw configError(configSentence("policy-element-unknown", { key: `${name}.element`, place, whose, advice }));
    }
    if (answer.kind === "goes-with") {
      const told = { key: `${name}.element`, place, element: answer.element };
      throw configError(configSentence("policy-element-elsewhere", told));
    }
  }
}

function adviceFor(typed: string, known: readonly string[]): ToldSentence {
  const meant = nearestWord(typed, known);
  return meant ? configSentence("advice-meant", { meant }) : configSentence("advice-guide", {});
}
