import { firstTypes, type TypeFilter } from "@tributary/sync";
import type { NodeConfig } from "../config/config-schema.ts";
import { layOver } from "./config-with-settings.ts";
import type { PolicySetting, ScheduleSetting, SettingKey, VerifySetting } from "./node-settings.ts";
import type { SettingsVersion } from "./settings-versions.ts";

/** One setting: what is in force, where it comes from, and what the configuration says. */
export interface ToldSetting<Value> {
  readonly value: Value;
  readonly from: "file" | "settings";
  /** The version in which it was last set; `null` for what is the configuration's. */
  readonly version: number | null;
  readonly file: Value;
}

/** All that can be set, as it is in force. */
export interface ToldSettings {
  /** 0 when nothing was ever set. */
  readonly version: number;
  readonly setAt: number | null;
  readonly setBy: string | null;
  readonly reason: string | null;
  readonly schedules: Readonly<Record<"push" | "pull", ToldSetting<ScheduleSetting>>>;
  readonly types: Readonly<Record<"push" | "pull", ToldSetting<TypeFilter>>>;
  /** The types that are sent first, in their order. */
  readonly push: { readonly first: ToldSetting<readonly string[]> };
  readonly verify: ToldSetting<VerifySetting>;
  readonly policies: ToldSetting<readonly PolicySetting[]>;
}

/** Tells what is in force of a configuration and what is set over it, also when it cannot be used any more. */
export function tellSettings(config: NodeConfig, set: SettingsVersion | undefined): ToldSettings {
  const inForce = layOver(config, set?.settings ?? {});
  const told = <Value>(key: SettingKey, valueIn: (config: NodeConfig) => Value): ToldSetting<Value> => {
    const version = set?.setIn[key] ?? null;
    return { value: valueIn(inForce), from: version === null ? "file" : "settings", version, file: valueIn(config) };
  };
  return {
    version: set?.version ?? 0,
    setAt: set?.setAt ?? null,
    setBy: set?.setBy ?? null,
    reason: set?.reason ?? null,
    schedules: {
      push: told("schedules.push", ({ push }) => scheduleIn(push)),
      pull: told("schedules.pull", ({ pull }) => scheduleIn(pull)),
    },
    types: {
      push: told("types.push", ({ push }) => push.types),
      pull: told("types.pull", ({ pull }) => pull.types),
    },
    push: { first: told("push.first", ({ push }) => push.first ?? firstTypes) },
    verify: told("verify", ({ verify }) => verify),
    policies: told("policies", ({ merge }) => merge.policies),
  };
}

function scheduleIn({ everySeconds, cron }: ScheduleSetting): ScheduleSetting {
  if (cron !== undefined) return { cron };
  return everySeconds === undefined ? {} : { everySeconds };
}
