import type { TributaryError } from "@tributary/kernel";
import type { TypeFilter } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import { configError, configSentence } from "../config/config-sentences.ts";
import { nearestWord } from "../config/nearest-word.ts";

/** What of a node can be set while it runs, each by itself. */
export const settingKeys = [
  "schedules.push",
  "schedules.pull",
  "types.push",
  "types.pull",
  "push.first",
  "verify",
  "policies",
] as const;

/** One of them. */
export type SettingKey = (typeof settingKeys)[number];

/** When a direction goes by itself, as the configuration says it. */
export interface ScheduleSetting {
  readonly everySeconds?: number | undefined;
  /** Goes before an interval. */
  readonly cron?: string | undefined;
}

/** When a node compares all its records with its parent's, and whether it mends what differs. */
export type VerifySetting = NodeConfig["verify"];

/** One merge rule in words. */
export type PolicySetting = NodeConfig["merge"]["policies"][number];

interface PerDirection<Value> {
  readonly push?: Value;
  readonly pull?: Value;
}

/** What is set; what is absent is the configuration's. */
export interface NodeSettings {
  readonly schedules?: PerDirection<ScheduleSetting>;
  readonly types?: PerDirection<TypeFilter>;
  readonly push?: { readonly first?: readonly string[] };
  readonly verify?: VerifySetting;
  readonly policies?: readonly PolicySetting[];
}

/** The same by key, as somebody gives it and nobody has looked at it yet; `null` goes back to the configuration. */
export type SettingValues = Partial<Record<SettingKey, unknown>>;

/** Takes what somebody gives apart by key. Throws `CONFIG_INVALID` for a key that cannot be set. */
export function valuesOf(given: Readonly<Record<string, unknown>>): SettingValues {
  const values: SettingValues = {};
  for (const [name, value] of Object.entries(given)) {
    const inner = settingKeys.filter((key) => key.startsWith(`${name}.`));
    if (value === undefined) continue;
    if (value === null) for (const key of inner) values[key] = null;
    if (isSettingKey(name)) values[name] = value;
    else if (inner.length === 0) throw unknownKey(name);
    else if (value !== null) Object.assign(values, innerValues(name, value));
  }
  return values;
}

/** Throws `CONFIG_INVALID`, with what was meant, for a name under which nothing can be set. */
export function requireSettingKey(name: string): void {
  valuesOf({ [name]: null });
}

/** Puts values together again; those that are `null` are left out. */
export function settingsOf(values: SettingValues): NodeSettings {
  const settings: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const value = values[key] ?? undefined;
    if (value === undefined) continue;
    const [section = "", direction] = key.split(".");
    settings[section] = direction === undefined ? value : { ...(settings[section] ?? {}), [direction]: value };
  }
  return settings;
}

function innerValues(name: string, value: unknown): SettingValues {
  if (typeof value !== "object" || Array.isArray(value)) {
    const names = settingKeys.filter((key) => key.startsWith(`${name}.`)).map((key) => key.slice(name.length + 1));
    throw configError(configSentence("settings-no-mapping", { key: name, names: names.join(" and ") }));
  }
  return valuesOf(Object.fromEntries(Object.entries(value ?? {}).map(([way, one]) => [`${name}.${way}`, one])));
}

function isSettingKey(name: string): name is SettingKey {
  return settingKeys.some((key) => key === name);
}

function unknownKey(name: string): TributaryError {
  const meant = nearestWord(name, settingKeys);
  const advice = meant
    ? configSentence("advice-meant", { meant })
    : configSentence("advice-one-of", { names: settingKeys.join(", ") });
  return configError(configSentence("settings-fixed", { key: name, advice }));
}
