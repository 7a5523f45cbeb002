import type * as z from "zod";
import { checkPolicies } from "../config/check-policies.ts";
import { configSchema, type NodeConfig } from "../config/config-schema.ts";
import { configError } from "../config/config-sentences.ts";
import { explainIssue } from "../config/explain-issue.ts";
import { linkControlOf } from "../node/link-control.ts";
import {
  type NodeSettings,
  type PolicySetting,
  type SettingKey,
  type SettingValues,
  settingKeys,
  type VerifySetting,
  valuesOf,
} from "./node-settings.ts";

/** Names the settings in messages, as the path of the file does what stands in it. */
const place = "the settings";

const push = configSchema.shape.push.unwrap().shape;
const pull = configSchema.shape.pull.unwrap().shape;
const merge = configSchema.shape.merge.unwrap().shape;
const verify = configSchema.shape.verify.unwrap();
const schedule = { everySeconds: true, cron: true } as const;

/** Where each setting stands in the configuration, and what it must be there. */
const places: Readonly<Record<SettingKey, { readonly path: readonly string[]; readonly schema: z.ZodType }>> = {
  "schedules.push": { path: ["push"], schema: configSchema.shape.push.unwrap().pick(schedule) },
  "schedules.pull": { path: ["pull"], schema: configSchema.shape.pull.unwrap().pick(schedule) },
  "types.push": { path: ["push", "types"], schema: push.types },
  "types.pull": { path: ["pull", "types"], schema: pull.types },
  "push.first": { path: ["push", "first"], schema: push.first.unwrap() },
  // It takes the place of the configuration's as a whole, so that it must say when.
  verify: { path: ["verify"], schema: verify.extend({ cron: verify.shape.cron.unwrap().unwrap() }) },
  policies: { path: ["merge", "policies"], schema: merge.policies },
};

/**
 * The configuration with what is set in place of what the file says. It is held against the configuration's own rules.
 *
 * Throws `CONFIG_INVALID` in the configuration's words, with the key named as it stands there: `push.everySeconds`.
 */
export function configWith(config: NodeConfig, settings: NodeSettings): NodeConfig {
  for (const { key, parsed } of parsedSettings(settings)) {
    if (parsed.success) continue;
    const issue = parsed.error.issues[0]!;
    const path = [...places[key].path, ...issue.path];
    throw configError(explainIssue({ ...issue, path }, place));
  }
  const inForce = layOver(config, settings);
  if (settings.policies) checkPolicies(inForce.merge.policies, { key: "merge.policies", place });
  linkControlOf(inForce);
  return inForce;
}

/** The same without a look at whether it can be used, so that what cannot be can be told, and set to something else. */
export function layOver(config: NodeConfig, settings: NodeSettings): NodeConfig {
  const set: SettingValues = Object.fromEntries(
    parsedSettings(settings).map(({ key, value, parsed }) => [key, parsed.success ? parsed.data : value]),
  );
  const policies = (set.policies ?? config.merge.policies) as PolicySetting[];
  return {
    ...config,
    push: {
      ...withSchedule(config.push, set["schedules.push"], set["types.push"]),
      ...(set["push.first"] === undefined ? {} : { first: set["push.first"] as string[] }),
    },
    pull: withSchedule(config.pull, set["schedules.pull"], set["types.pull"]),
    verify: (set.verify ?? config.verify) as VerifySetting,
    merge: { ...config.merge, policies },
  };
}

function parsedSettings(settings: NodeSettings) {
  const values = valuesOf({ ...settings });
  return settingKeys
    .filter((key) => values[key] !== undefined)
    .map((key) => ({
      key,
      value: values[key],
      parsed: places[key].schema.safeParse(values[key], { reportInput: true }),
    }));
}

/** A schedule takes the place of the other one as a whole: an interval is no use beside the expression of the file. */
function withSchedule<Way extends NodeConfig["push"] | NodeConfig["pull"]>(
  way: Way,
  schedule: unknown,
  types: unknown,
): Way {
  const { everySeconds, cron, ...rest } = way;
  return { ...rest, ...(schedule ?? { everySeconds, cron }), types: types ?? way.types } as Way;
}
