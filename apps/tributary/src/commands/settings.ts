import { readFileSync } from "node:fs";
import type { SettingsAnswer } from "@tributary/admin-api";
import { TributaryError } from "@tributary/kernel";
import { requireSettingKey } from "@tributary/runtime";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface SettingsOptions extends AdminOptions {
  readonly json?: boolean;
}

export interface SetSettingOptions extends SettingsOptions {
  readonly reason: string;
}

export interface SettingsHistoryOptions extends SettingsOptions, Pick<ListOptions, "limit" | "after" | "order"> {}

/** What cannot be used any more is told all the same, so that it can be set to something else. */
const evenIfUnusable = { settings: "even-if-unusable" } as const;

/** `tributary settings show`: what is in force, and where each comes from. */
export async function showSettings(options: SettingsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal, evenIfUnusable);
  const told = await admin.ask("GET /settings");
  if (options.json) return terminal.print(losslessJson(told));
  terminal.print(
    textTable(
      ["SETTING", "FROM", "VERSION", "VALUE"],
      rowsOf(told).map(([key, { from, version, value }]) => [
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
  options: SetSettingOptions,
  terminal: Terminal,
): Promise<void> {
  requireSettingKey(key);
  const value = readValue(json);
  await using admin = await openAdmin(options, terminal, evenIfUnusable);
  const { version } = await admin.ask("GET /settings");
  const [section = "", inner] = key.split(".");
  const change = { [section]: inner === undefined ? value : { [inner]: value } };
  const told = await admin.ask("PUT /settings", { body: { version, reason: options.reason, ...change } });
  if (options.json) return terminal.print(losslessJson(told));
  terminal.print(
    told.version === version
      ? `Nothing was changed: ${key} is set so already.`
      : `Version ${told.version} of the settings is in force; a running node takes it up within seconds.`,
  );
}

/** `tributary settings move-rule`: puts one merge rule in another place, as a new version; places count from 1. */
export async function moveRule(
  from: string,
  to: string,
  options: SetSettingOptions,
  terminal: Terminal,
): Promise<void> {
  await using admin = await openAdmin(options, terminal, evenIfUnusable);
  const { version, policies } = await admin.ask("GET /settings");
  const rules = [...policies.value];
  const [rule] = rules.splice(placeOf(from, rules.length), 1);
  if (rule) rules.splice(placeOf(to, rules.length + 1), 0, rule);
  const told = await admin.ask("PUT /settings", { body: { version, reason: options.reason, policies: rules } });
  if (options.json) return terminal.print(losslessJson(told));
  terminal.print(
    textTable(
      ["PLACE", "TYPE", "ELEMENT", "POLICY"],
      told.policies.value.map((one, at) => [String(at + 1), one.type, one.element ?? "", one.policy]),
    ),
  );
}

/** `tributary settings history`: the versions that there were, the latest first. */
export async function showSettingsHistory(options: SettingsHistoryOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal, evenIfUnusable);
  const page = await admin.ask("GET /settings/history", { query: listQueryOf(options) });
  if (options.json) return terminal.print(losslessJson(page));
  terminal.print(
    textTable(
      ["VERSION", "SET AT", "BY", "REASON", "SETTINGS"],
      page.items.map(({ version, setAt, setBy, reason, settings }) => [
        String(version),
        new Date(setAt).toISOString(),
        setBy,
        reason,
        JSON.stringify(settings),
      ]),
    ),
  );
  tellMore(page, terminal);
}

function rowsOf({ schedules, types, push, verify, policies }: SettingsAnswer) {
  return [
    ["schedules.push", schedules.push],
    ["schedules.pull", schedules.pull],
    ["types.push", types.push],
    ["types.pull", types.pull],
    ["push.first", push.first],
    ["verify", verify],
    ["policies", policies],
  ] as const;
}

function placeOf(text: string, most: number): number {
  const place = Number(text);
  if (Number.isInteger(place) && place >= 1 && place <= most) return place - 1;
  const sentence = most === 0 ? "There are no merge rules in force." : `A rule's place is a number from 1 to ${most}.`;
  throw new TributaryError("CONFIG_INVALID", sentence);
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
