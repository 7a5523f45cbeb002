import { isResourceType } from "@tributary/fhir";
import { everyMs, firstTypes, type Schedule, type SynchronizerOptions } from "@tributary/sync";
import { Cron } from "croner";
import type { NodeConfig } from "../config/config-schema.ts";
import { configError, configSentence } from "../config/config-sentences.ts";

const millisecondsPerSecond = 1000;

/**
 * When a node pushes and pulls, and which types, by its configuration. Throws `CONFIG_INVALID` for an expression, a time
 * zone or a type that there is not.
 */
export function linkControlOf(
  config: NodeConfig,
): Required<Pick<SynchronizerOptions, "everyMs" | "schedules" | "types" | "first" | "verify">> {
  const { push, pull, node } = config;
  for (const [key, types] of [
    ["push.types.only", push.types.only],
    ["push.types.exclude", push.types.exclude],
    ["push.first", push.first],
    ["pull.types.only", pull.types.only],
    ["pull.types.exclude", pull.types.exclude],
  ] as const) {
    requireTypes(key, types ?? []);
  }
  const pushed = scheduleOf("push", push, node.timeZone);
  const pulled = scheduleOf("pull", pull, node.timeZone)!;
  return {
    everyMs: pull.everySeconds * millisecondsPerSecond,
    schedules: { pull: pulled, ...(pushed ? { push: pushed } : {}) },
    types: { push: push.types, pull: pull.types },
    first: push.first ?? firstTypes,
    verify: {
      schedule: cronSchedule("verify.cron", config.verify.cron, node.timeZone),
      isRepairing: config.verify.repair,
    },
  };
}

function scheduleOf(
  direction: "push" | "pull",
  { cron, everySeconds }: { readonly cron?: string | undefined; readonly everySeconds?: number | undefined },
  timeZone: string | undefined,
): Schedule | undefined {
  if (cron !== undefined) return cronSchedule(`${direction}.cron`, cron, timeZone);
  return everySeconds === undefined ? undefined : everyMs(everySeconds * millisecondsPerSecond);
}

function cronSchedule(key: string, expression: string, timeZone: string | undefined): Schedule {
  try {
    const cron = new Cron(expression, timeZone === undefined ? {} : { timezone: timeZone });
    const next = (now: number) => cron.nextRun(new Date(now))?.getTime();
    next(0);
    return { isDueAtStart: false, nextAfter: next };
  } catch (cause) {
    throw configError(configSentence("cron-wrong", { key }), { cause });
  }
}

function requireTypes(key: string, types: readonly string[]): void {
  if (types.every(isResourceType)) return;
  throw configError(configSentence("types-wrong", { key }));
}
