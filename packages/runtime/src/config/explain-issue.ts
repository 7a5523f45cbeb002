import type { ToldSentence } from "@tributary/kernel";
import type * as z from "zod";
import { configSentence } from "./config-sentences.ts";
import { nearestWord } from "./nearest-word.ts";
import { listSettings, type Setting } from "./settings.ts";

/** Says what is wrong with a configuration in one sentence: the key, the kind of what stands there, what would do. */
export function explainIssue(issue: z.core.$ZodIssue, place: string): ToldSentence {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys") return explainUnknownKey(joinKey(key, issue.keys[0] ?? ""), place);
  const setting = listSettings().find((one) => one.key === key || key.startsWith(`${one.key}.`));
  const given = tellGiven(issue.input);
  if (issue.code === "invalid_value" && setting?.kind === "list") {
    return configSentence("setting-item-wrong", { key, given, place, choices: issue.values.join(", ") });
  }
  if (!setting) return configSentence("section-wrong", { key: key || "The configuration", given, place });
  const example = typeof setting.example === "object" ? JSON.stringify(setting.example) : String(setting.example);
  return configSentence("setting-wrong", { key, given, place, expected: tellExpected(setting), example });
}

function explainUnknownKey(key: string, place: string): ToldSentence {
  const keys = listSettings().flatMap((setting) => [setting.key, ...parentsOf(setting.key)]);
  const meant = nearestWord(key, keys) ?? sameLastWord(key, keys);
  return meant
    ? configSentence("setting-unknown", { key, place, meant })
    : configSentence("setting-unlisted", { key, place });
}

function tellExpected({ kind, choices = [], least, most }: Setting): ToldSentence {
  switch (kind) {
    case "one of":
      return configSentence("expected-choice", { choices: choices.join(", ") });
    case "mapping":
      return configSentence("expected-mapping", {});
    case "list":
      return configSentence("expected-list", {});
    case "true or false":
      return configSentence("expected-boolean", {});
    case "text":
      return configSentence("expected-text", {});
    case "number":
      return configSentence("expected-number", { least: String(least), most: String(most) });
    case "whole number":
      return configSentence("expected-whole-number", { least: String(least), most: String(most) });
  }
}

function tellGiven(value: unknown): ToldSentence {
  if (value === undefined) return configSentence("given-nothing", {});
  if (value === null) return configSentence("given-null", {});
  if (Array.isArray(value)) return configSentence("given-list", {});
  if (typeof value === "object") return configSentence("given-mapping", {});
  if (typeof value === "string") return configSentence(value === "" ? "given-empty-text" : "given-text", {});
  return configSentence(typeof value === "boolean" ? "given-boolean" : "given-number", {});
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
