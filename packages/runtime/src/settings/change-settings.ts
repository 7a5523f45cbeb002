import { hash } from "node:crypto";
import { appendAudit, auditDraft } from "@tributary/audit";
import { type Database, isUniqueViolation, type Transaction } from "@tributary/database";
import type { TributaryError } from "@tributary/kernel";
import type { NodeConfig } from "../config/config-schema.ts";
import { configError, configSentence } from "../config/config-sentences.ts";
import { configWith } from "./config-with-settings.ts";
import { type SettingKey, type SettingValues, settingKeys, settingsOf, valuesOf } from "./node-settings.ts";
import { addSettingsVersion, readSettings, type SettingsVersion } from "./settings-versions.ts";
import { type ToldSettings, tellSettings } from "./told-settings.ts";

/** Characters of a reason that are kept: a sentence. */
const reasonCharactersMax = 200;
/** A table of rules that is longer than this is no table that somebody reads. */
const settingsCharactersMax = 100_000;
/** Digits of the digests by which the trail tells one state from another. */
const digestDigits = 16;

/** What is to be set anew: what is absent stays as it is, and `null` goes back to the configuration. */
export interface SettingsChange {
  /** The version that this follows; whichever is the last one when left out. */
  readonly version?: number;
  readonly reason: string;
  /** By name, `schedules` or `schedules.push`. It is looked at here. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface SettingsActor {
  readonly nodeId: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Sets some of what can be set while a node runs, as a new version, audited with the digests of before and after. A change
 * by which nothing is another leaves no trace. A running node takes it up within seconds.
 *
 * Returns what is in force then. Throws `CONFIG_INVALID` with the key when a value cannot be used or there is no reason,
 * and `SETTINGS_MOVED` when somebody else was faster; nothing is changed then.
 */
export async function changeSettings(
  database: Database,
  config: NodeConfig,
  change: SettingsChange,
  actor: SettingsActor,
): Promise<ToldSettings> {
  try {
    return await database.transaction((tx) => enterChange(tx, config, change, actor));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw moved();
  }
}

async function enterChange(
  tx: Transaction,
  config: NodeConfig,
  change: SettingsChange,
  { nodeId, author, now }: SettingsActor,
): Promise<ToldSettings> {
  const last = await readSettings(tx);
  if (change.version !== undefined && change.version !== (last?.version ?? 0)) throw moved();
  const before = tellSettings(config, last);
  const next = versionAfter(last, valuesOf(change.settings), {
    setAt: now,
    setBy: author,
    reason: reasonOf(change.reason),
  });
  configWith(config, next.settings);
  const after = tellSettings(config, next);
  if (JSON.stringify(next.settings) === JSON.stringify(last?.settings ?? {})) return before;
  await addSettingsVersion(tx, next);
  await appendAudit(tx, nodeId, [
    auditDraft({
      at: now,
      actor: author,
      operation: "configure",
      versionBefore: last?.version ?? null,
      versionAfter: next.version,
      operationId: `${digestOf(before)}..${digestOf(after)}`,
      outcome: "settings",
      error: next.reason,
    }),
  ]);
  return after;
}

function versionAfter(
  last: SettingsVersion | undefined,
  asked: SettingValues,
  by: Pick<SettingsVersion, "setAt" | "setBy" | "reason">,
): SettingsVersion {
  const version = (last?.version ?? 0) + 1;
  const held = valuesOf({ ...last?.settings });
  const values: SettingValues = { ...held, ...asked };
  const setIn: Partial<Record<SettingKey, number>> = {};
  for (const key of settingKeys) {
    if ((values[key] ?? undefined) === undefined) continue;
    const isAsBefore = JSON.stringify(values[key]) === JSON.stringify(held[key]);
    setIn[key] = isAsBefore ? (last?.setIn[key] ?? version) : version;
  }
  const settings = settingsOf(values);
  if (JSON.stringify(settings).length > settingsCharactersMax) {
    throw configError(configSentence("settings-too-long", { most: String(settingsCharactersMax) }));
  }
  return { version, ...by, settings, setIn };
}

function digestOf({ schedules, types, push, verify, policies }: ToldSettings): string {
  const told = [schedules.push, schedules.pull, types.push, types.pull, push.first, verify, policies];
  const values = told.map(({ value }) => value);
  return hash("sha256", JSON.stringify(values), "hex").slice(0, digestDigits);
}

function reasonOf(text: string): string {
  const reason = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, reasonCharactersMax);
  if (reason === "") throw configError(configSentence("settings-without-reason", {}));
  return reason;
}

function moved(): TributaryError {
  return configError(configSentence("settings-moved", {}), { code: "SETTINGS_MOVED" });
}
