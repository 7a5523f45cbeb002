import { english, type WordKey } from "./catalogue.ts";
import { type Language, spokenIn } from "./spoken.ts";

/** What stands in for the names in braces. */
export type WordValues = Readonly<Record<string, string | number>>;

/**
 * A text in a language, with its values put in. A text of two forms, `{count} event || {count} events`, is chosen from by
 * the language's own rule for `count`.
 */
export function say(language: Language, key: WordKey, values: WordValues = {}): string {
  const [one, many] = spokenIn(language).catalogue[key].split(" || ");
  const isOne = new Intl.PluralRules(language).select(Number(values["count"] ?? 1)) === "one";
  const form = many === undefined || isOne ? one : many;
  return (form ?? "").replace(/\{(\w+)\}/g, (braces, name: string) => written(language, values[name]) ?? braces);
}

/** Whether there is a text of this name; a state that a newer node tells may have none yet. */
export function isWordKey(key: string): key is WordKey {
  return key in english;
}

function written(language: Language, value: string | number | undefined): string | undefined {
  return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
}
