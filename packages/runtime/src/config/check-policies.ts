import { isResourceType, resourceTypes } from "@tributary/fhir";
import { TributaryError } from "@tributary/kernel";
import { policyElement } from "@tributary/sync";
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
      throw invalid(`${name}.type in ${place} is no FHIR resource type; ${meant(type, resourceTypes)}`);
    }
    if (element === undefined) continue;
    const answer = policyElement(type, element);
    if (answer.kind === "unknown") {
      const whose = type === "*" ? "no resource type has" : `${type} does not have`;
      throw invalid(`${name}.element in ${place} is an element that ${whose}; ${meant(element, answer.known)}`);
    }
    if (answer.kind === "goes-with") {
      throw invalid(`${name}.element in ${place} is only ever merged together with ${answer.element}; name that one.`);
    }
  }
}

function meant(typed: string, known: readonly string[]): string {
  const word = nearestWord(typed, known);
  return word ? `did you mean ${word}?` : "see docs/guides/decide-who-wins.md.";
}

function invalid(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
