import type * as z from "zod";
import { nearestWord } from "./nearest-word.ts";
import { listSettings, type Setting } from "./settings.ts";

/** Says what is wrong with a configuration in one sentence: the key, the kind of what stands there, what would do. */
export function explainIssue(issue: z.core.$ZodIssue, where: string): string {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys") return explainUnknownKey(joinKey(key, issue.keys[0] ?? ""), where);
  const setting = listSettings().find((one) => one.key === key || key.startsWith(`${one.key}.`));
  if (issue.code === "invalid_value" && setting?.kind === "list") {
    return `${key} ${kindOfGiven(issue.input)} in ${where}; write one of ${issue.values.join(", ")}.`;
  }
  const given = kindOfGiven(issue.input);
  if (!setting) return `${key || "The configuration"} ${given} in ${where}; it must be a mapping of settings.`;
  const example = typeof setting.example === "object" ? JSON.stringify(setting.example) : String(setting.example);
  return `${key} ${given} in ${where}; write ${expectation(setting)}, for example ${example}.`;
}

function explainUnknownKey(key: string, where: string): string {
  const keys = listSettings().flatMap((setting) => [setting.key, ...parentsOf(setting.key)]);
  const meant = nearestWord(key, keys) ?? sameLastWord(key, keys);
  return meant
    ? `${key} in ${where} is no setting; did you mean ${meant}?`
    : `${key} in ${where} is no setting; take it out. All settings are listed in docs/reference/configuration.md.`;
}

function expectation({ kind, choices, least, most }: Setting): string {
  if (kind === "one of") return `one of ${choices?.join(", ")}`;
  if (kind === "mapping" || kind === "list") return `a ${kind}`;
  if (kind === "true or false") return "true or false";
  if (kind === "text") return "a text of the right form";
  return `a ${kind} from ${least} to ${most}`;
}

function kindOfGiven(value: unknown): string {
  return value === undefined ? "is missing" : `is ${kindOfValue(value)} that cannot be used`;
}

function kindOfValue(value: unknown): string {
  if (value === null) return "empty, a value";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return value === "" ? "an empty text" : "a text";
  return typeof value === "boolean" ? "true or false" : "a number";
}

function parentsOf(key: string): string[] {
  const dot = key.lastIndexOf(".");
  return dot < 0 ? [] : [key.slice(0, dot)];
}

function sameLastWord(key: string, keys: readonly string[]): string | undefined {
  const last = key.slice(key.lastIndexOf(".") + 1).toLowerCase();
  return keys.find((one) => one.slice(one.lastIndexOf(".") + 1).toLowerCase() === last);
}

function joinKey(parent: string, name: string): string {
  return parent ? `${parent}.${name}` : name;
}
