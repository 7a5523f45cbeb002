import { TributaryError } from "@tributary/kernel";
import type * as z from "zod";
import { checkPolicies } from "../config/check-policies.ts";
import { configSchema, type NodeConfig } from "../config/config-schema.ts";
import { explainIssue } from "../config/explain-issue.ts";
import { linkControlOf } from "../node/link-control.ts";
import {
  type NodeSettings,
  type PolicySetting,
  type ScheduleSetting,
  type SettingKey,
  settingKeys,
  valuesOf,
} from "./node-settings.ts";

/** Names the settings in messages, as the path of the file does what stands in it. */
const place = "the settings";

const push = configSchema.shape.push.unwrap().shape;
const pull = configSchema.shape.pull.unwrap().shape;
const merge = configSchema.shape.merge.unwrap().shape;
const schedule = { everySeconds: true, cron: true } as const;

/** Where each setting stands in the configuration, and what it must be there. */
const places: Readonly<Record<SettingKey, { readonly path: readonly string[]; readonly schema: z.ZodType }>> = {
  "schedules.push": { path: ["push"], schema: configSchema.shape.push.unwrap().pick(schedule) },
  "schedules.pull": { path: ["pull"], schema: configSchema.shape.pull.unwrap().pick(schedule) },
  "types.push": { path: ["push", "types"], schema: push.types },
  "types.pull": { path: ["pull", "types"], schema: pull.types },
  policies: { path: ["merge", "policies"], schema: merge.policies },
};

/**
 * The configuration with what is set in place of what the file says. It is held against the configuration's own rules.
 *
 * Throws `CONFIG_INVALID` in the configuration's words, with the key named as it stands there: `push.everySeconds`.
 */
export function configWith(config: NodeConfig, settings: NodeSettings): NodeConfig {
  const values = valuesOf({ ...settings });
  const set = Object.fromEntries(
    settingKeys.filter((key) => values[key] !== undefined).map((key) => [key, accepted(key, values[key])]),
  );
  const policies = set["policies"] as PolicySetting[] | undefined;
  if (policies) checkPolicies(policies, { key: "merge.policies", place });
  const inForce: NodeConfig = {
    ...config,
    push: withSchedule(config.push, set["schedules.push"] as ScheduleSetting, set["types.push"]),
    pull: withSchedule(config.pull, set["schedules.pull"] as ScheduleSetting, set["types.pull"]),
    merge: policies ? { ...config.merge, policies } : config.merge,
  };
  linkControlOf(inForce);
  return inForce;
}

function accepted(key: SettingKey, value: unknown): unknown {
  const { path, schema } = places[key];
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new TributaryError("CONFIG_INVALID", explainIssue({ ...issue, path: [...path, ...issue.path] }, place));
}

/** A schedule takes the place of the other one as a whole: an interval is no use beside the expression of the file. */
function withSchedule<Way extends NodeConfig["push"] | NodeConfig["pull"]>(
  way: Way,
  schedule: ScheduleSetting | undefined,
  types: unknown,
): Way {
  const { everySeconds, cron, ...rest } = way;
  return { ...rest, ...(schedule ?? { everySeconds, cron }), types: types ?? way.types } as Way;
}
