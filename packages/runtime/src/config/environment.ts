import { TributaryError } from "@tributary/kernel";
import { nearestWord } from "./nearest-word.ts";
import { listSettings, type SettingKind } from "./settings.ts";

/** Variables with our prefix that are no settings: which node a command asks, with which token, and those of tests. */
const notSettings = /^TRIBUTARY_(DIR$|NODE$|TOKEN$|TEST_)/;

/** A value that an environment variable gives to a key. */
export interface EnvironmentValue {
  readonly key: string;
  readonly variable: string;
  readonly value: unknown;
}

/**
 * Reads the settings that stand in environment variables; an empty variable counts as not set.
 *
 * Throws `CONFIG_INVALID` for a variable with our prefix that names no setting, so that a typing error is not silent.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): EnvironmentValue[] {
  const settings = new Map(listSettings().flatMap((one) => (one.variable ? [[one.variable, one] as const] : [])));
  return Object.entries(environment).flatMap(([variable, text]) => {
    if (!variable.startsWith("TRIBUTARY_") || notSettings.test(variable) || !text) return [];
    const setting = settings.get(variable);
    if (!setting) throw unknownVariable(variable, [...settings.keys()]);
    return [{ key: setting.key, variable, value: typedValue(text, setting.kind) }];
  });
}

function typedValue(text: string, kind: SettingKind): unknown {
  if (kind === "true or false" && /^(true|false)$/.test(text)) return text === "true";
  if ((kind === "number" || kind === "whole number") && text.trim() !== "" && !Number.isNaN(Number(text)))
    return Number(text);
  return text;
}

function unknownVariable(variable: string, known: readonly string[]): TributaryError {
  const meant = nearestWord(variable, known);
  return new TributaryError(
    "CONFIG_INVALID",
    `The environment variable ${variable} is no setting; ${meant ? `did you mean ${meant}?` : "unset it."}`,
  );
}
