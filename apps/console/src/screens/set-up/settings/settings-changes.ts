import type { SettingsVersion } from "@tributary/admin-api";
import { type SettingKey, settingKeys, setUnder } from "./setting-key.ts";

type Settings = SettingsVersion["settings"];

/** Which settings a version changed; before the first one there was nothing but the configuration. Pure. */
export function changedSettings(before: Settings | undefined, after: Settings): readonly SettingKey[] {
  return settingKeys.filter(
    (key) => JSON.stringify(setUnder(before ?? {}, key)) !== JSON.stringify(setUnder(after, key)),
  );
}
