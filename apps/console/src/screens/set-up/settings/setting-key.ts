import type { SettingsAnswer, SettingsChange, SettingsVersion } from "@tributary/admin-api";

/** What is set as one thing, in the order in which it is shown. */
export const settingKeys = [
  "schedules.push",
  "schedules.pull",
  "verify",
  "types.push",
  "types.pull",
  "push.first",
  "policies",
] as const;

export type SettingKey = (typeof settingKeys)[number];
export type ScheduleKey = "schedules.push" | "schedules.pull";
export type TypesKey = "types.push" | "types.pull";

/** What may stand under each key. */
export interface SettingValues {
  readonly "schedules.push": SettingsAnswer["schedules"]["push"]["value"];
  readonly "schedules.pull": SettingsAnswer["schedules"]["pull"]["value"];
  readonly verify: SettingsAnswer["verify"]["value"];
  readonly "types.push": SettingsAnswer["types"]["push"]["value"];
  readonly "types.pull": SettingsAnswer["types"]["pull"]["value"];
  readonly "push.first": SettingsAnswer["push"]["first"]["value"];
  readonly policies: SettingsAnswer["policies"]["value"];
}

/** A setting as it is in force: its value, where that comes from, and what the configuration says. */
export interface SettingInForce<Key extends SettingKey = SettingKey> {
  readonly value: SettingValues[Key];
  readonly from: "file" | "settings";
  readonly version: number | null;
  readonly file: SettingValues[Key];
}

/** The part of the answer that one key is about. */
export function inForce<Key extends SettingKey>(answer: SettingsAnswer, key: Key): SettingInForce<Key> {
  return read(answer, key) as SettingInForce<Key>;
}

/** What a version has set under a key; `undefined` where the configuration held. */
export function setUnder<Key extends SettingKey>(
  settings: SettingsVersion["settings"],
  key: Key,
): SettingValues[Key] | undefined {
  return read(settings, key) as SettingValues[Key] | undefined;
}

/** The change of one setting, as the node is asked for it; `null` goes back to the configuration's value. */
export function changeOf<Key extends SettingKey>(
  key: Key,
  value: SettingValues[Key] | null,
  follows: Pick<SettingsChange, "version" | "reason">,
): SettingsChange {
  const [part, direction] = key.split(".");
  return { ...follows, [part as string]: direction === undefined ? value : { [direction]: value } } as SettingsChange;
}

function read(from: object, key: SettingKey): unknown {
  return key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], from);
}
