import { readFileSync } from "node:fs";
import { TributaryError } from "@tributary/kernel";
import { changeSettings, listSettingsVersions, readSettings, tellSettings } from "@tributary/runtime";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { textTable } from "./text-table.ts";

/** Versions told at once, at the most. */
const versionsMax = 1_000;

export interface SettingsOptions {
  readonly dir: string;
  readonly json?: boolean;
}

export interface SetSettingOptions extends SettingsOptions {
  readonly reason: string;
  readonly as?: string;
}

export interface SettingsHistoryOptions extends SettingsOptions {
  readonly after?: string;
  readonly limit: string;
}

/** `tributary settings show`: what is in force, and where each comes from. */
export async function showSettings({ dir, json }: SettingsOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const told = tellSettings(config, await readSettings(database));
  if (json) return terminal.print(JSON.stringify(told));
  const { schedules, types, push, verify, policies } = told;
  const rows = [
    ["schedules.push", schedules.push],
    ["schedules.pull", schedules.pull],
    ["types.push", types.push],
    ["types.pull", types.pull],
    ["push.first", push.first],
    ["verify", verify],
    ["policies", policies],
  ] as const;
  terminal.print(
    textTable(
      ["SETTING", "FROM", "VERSION", "VALUE"],
      rows.map(([key, { from, version, value }]) => [
        key,
        from,
        version === null ? "-" : String(version),
        JSON.stringify(value),
      ]),
    ),
  );
  if (told.setAt === null) return;
  const at = new Date(told.setAt).toISOString();
  terminal.note(`Version ${told.version}, set by ${told.setBy} at ${at}: ${told.reason}`);
}

/** `tributary settings set`: sets one of them as a new version. */
export async function setSetting(
  key: string,
  json: string,
  { dir, reason, as, json: asJson }: SetSettingOptions,
  terminal: Terminal,
): Promise<void> {
  const value = readValue(json);
  const { config, database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const before = (await readSettings(database))?.version ?? 0;
  const actor = operatorOf(config.node.id, as, terminal);
  const told = await changeSettings(database, config, { reason, settings: { [key]: value } }, actor);
  if (asJson) return terminal.print(JSON.stringify(told));
  terminal.print(
    told.version === before
      ? `Nothing was changed: ${key} is set so already.`
      : `Version ${told.version} of the settings is in force; a running node takes it up within seconds.`,
  );
}

/** `tributary settings history`: the versions that there were, the latest first. */
export async function showSettingsHistory(
  { dir, json, after, limit }: SettingsHistoryOptions,
  terminal: Terminal,
): Promise<void> {
  const most = wholeNumber("--limit", limit, versionsMax);
  const behind = after === undefined ? undefined : wholeNumber("--after", after, Number.MAX_SAFE_INTEGER);
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const versions = await listSettingsVersions(database, { order: "desc", after: behind, limit: most });
  if (json) return terminal.print(JSON.stringify(versions.map(({ setIn: _, ...version }) => version)));
  terminal.print(
    textTable(
      ["VERSION", "SET AT", "BY", "REASON", "SETTINGS"],
      versions.map(({ version, setAt, setBy, reason, settings }) => [
        String(version),
        new Date(setAt).toISOString(),
        setBy,
        reason,
        JSON.stringify(settings),
      ]),
    ),
  );
  const last = versions.at(-1)?.version ?? 1;
  if (last > 1) terminal.note(`There are more: --after ${last}`);
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text);
  } catch (cause) {
    throw new TributaryError(
      "CONFIG_INVALID",
      `The value must be JSON, such as '{"everySeconds":60}' or null, or @ and a file that holds it.`,
      { cause },
    );
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
  throw new TributaryError("CONFIG_INVALID", `${option} is a whole number from 1 to ${most}.`);
}
