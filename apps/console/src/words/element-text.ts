import { isWordKey, say } from "./say.ts";
import type { Language } from "./spoken.ts";

/**
 * The place of a value in a record as a person calls it: `Patient.birthDate` is the date of birth, and
 * `telecom.where(system='phone' and use.empty())` the contact details, phone.
 */
export function elementText(language: Language, path: string): string {
  const within = path.replace(/^[A-Z]\w*\./, "");
  const [, name = within, rest = ""] = /^(\w+)(.*)$/s.exec(within) ?? [];
  const key = `element.${name}`;
  const told = isWordKey(key) ? say(language, key) : spacedName(name);
  const chosen = [...rest.matchAll(/'([^']*)'/g)].map(([, value = ""]) => lastPart(value));
  const further = rest.replace(/\.where\((?:[^()]|\([^()]*\))*\)/g, "").replace(/^\./, "");
  return [told, chosen.join(", "), further].filter((part) => part !== "").join(" · ");
}

/** `birthDate` as `Birth date`, for elements that the catalogue has no word for. */
export function spacedName(element: string): string {
  const spaced = element.replace(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function lastPart(value: string): string {
  return value.split(/[/#]/).filter(Boolean).at(-1) ?? value;
}
