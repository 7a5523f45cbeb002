import * as z from "zod";
import { moment, momentOrNever, pageOf } from "./answers.ts";
import type { EndpointTable } from "./endpoint.ts";
import { reason } from "./link-requests.ts";
import { listQuery, order } from "./list-query.ts";

/** Types named, or rules, at the most: there are fewer resource types, and a longer table is read by nobody. */
const listMax = 500;
const policyWords = ["merge", "manual", "parent-wins", "child-wins", "latest-wins"] as const;

/** When a direction goes by itself: at intervals or by a cron expression. A push with neither goes before every pull. */
const schedule = z.object({ everySeconds: z.number().optional(), cron: z.string().optional() });
/** Which types go by themselves: `only` these, or all but those to `exclude`; all of them when both are absent. */
const typeFilter = z.object({ only: z.array(z.string()).optional(), exclude: z.array(z.string()).optional() });
/** When all records are compared with the parent's, by a cron expression, and whether what differs is mended too. */
const verifying = z.object({ cron: z.string(), repair: z.boolean() });
/** Who wins where two sites changed the same element; without an element the rule is for the record as one thing. */
const policyRule = z.object({
  type: z.string(),
  element: z.string().optional(),
  /** One that a node cannot use any more is told all the same, so that it can be set to another one. */
  policy: z.union([z.enum(policyWords), z.string()]),
});

// What is asked for is looser than what is answered: the node refuses it in the words of its configuration.
const scheduleAsked = z.looseObject(schedule.shape);
const typeFilterAsked = z.looseObject({
  only: z.array(z.string()).max(listMax).optional(),
  exclude: z.array(z.string()).max(listMax).optional(),
});
const verifyingAsked = z.looseObject({ cron: z.string().optional(), repair: z.boolean().optional() });
const policyRuleAsked = z.looseObject({ ...policyRule.shape, policy: z.string() });

function perDirection<Value extends z.ZodType>(value: Value) {
  return z.strictObject({ push: value.nullable().optional(), pull: value.nullable().optional() });
}

/** One setting: what is in force, where it comes from, and what holds when nothing is set. */
function inForce<Value extends z.ZodType>(value: Value) {
  return z.object({
    value,
    /** `file` is the configuration: the file, its variables and what holds without them. */
    from: z.enum(["file", "settings"]),
    /** The version in which it was last set; `null` for what is the file's. */
    version: z.number().int().nullable(),
    file: value,
  });
}

export const settingsAnswer = z.object({
  /** The version that is in force; 0 when nothing was ever set. */
  version: z.number().int(),
  setAt: momentOrNever,
  setBy: z.string().nullable(),
  reason: z.string().nullable(),
  schedules: z.object({ push: inForce(schedule), pull: inForce(schedule) }),
  types: z.object({ push: inForce(typeFilter), pull: inForce(typeFilter) }),
  push: z.object({
    /** The types that are sent before all others, in this order. */
    first: inForce(z.array(z.string())),
  }),
  verify: inForce(verifying),
  /** Of two rules that are equally exact the first one holds. */
  policies: inForce(z.array(policyRule)),
});

/** One version: the whole of what was set then. What is absent was the file's. */
export const settingsVersion = z.object({
  version: z.number().int(),
  setAt: moment,
  setBy: z.string(),
  reason: z.string(),
  settings: z.object({
    schedules: z.object({ push: schedule.optional(), pull: schedule.optional() }).optional(),
    types: z.object({ push: typeFilter.optional(), pull: typeFilter.optional() }).optional(),
    push: z.object({ first: z.array(z.string()).optional() }).optional(),
    verify: verifying.partial({ repair: true }).optional(),
    policies: z.array(policyRule).optional(),
  }),
});

/** `PUT /admin/v1/settings`: what is absent stays as it is, and `null` goes back to what the file says. */
export const settingsChange = z.strictObject({
  /** The version that this follows. */
  version: z.number().int().min(0),
  reason,
  schedules: perDirection(scheduleAsked).nullable().optional(),
  types: perDirection(typeFilterAsked).nullable().optional(),
  push: z
    .strictObject({ first: z.array(z.string()).max(listMax).nullable().optional() })
    .nullable()
    .optional(),
  verify: verifyingAsked.nullable().optional(),
  /** The whole list, in its order. */
  policies: z.array(policyRuleAsked).max(listMax).nullable().optional(),
});

/** What of a node is changed while it runs. */
export const settingsEndpoints = {
  "GET /settings": {
    right: "oversee",
    summary:
      "What is in force and can be changed while the node runs: schedules, types, what is sent first, verification and merge rules, each with where it comes from.",
    answer: settingsAnswer,
  },
  "PUT /settings": {
    right: "administer",
    summary: "Sets some of them, as a new version; 409 when the version that it follows is not the last one.",
    body: settingsChange,
    answer: settingsAnswer,
  },
  "GET /settings/history": {
    right: "oversee",
    summary: "A page of the versions that there were, the latest first.",
    query: listQuery.extend({ order: order.default("desc") }),
    answer: pageOf(settingsVersion),
  },
} as const satisfies EndpointTable;

/** What of a node is changed while it runs, and where each value comes from. */
export type SettingsAnswer = z.output<typeof settingsAnswer>;
/** A numbered change of the settings, with who, when and why. */
export type SettingsVersion = z.output<typeof settingsVersion>;
/** Which settings are to be others, why, and upon which version. */
export type SettingsChange = z.input<typeof settingsChange>;
