import type { SettingAnswer } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface ConfigurationOptions extends AdminOptions, ListOptions<"key" | "isDefault"> {
  readonly json?: boolean;
}

/** `tributary configuration`: every setting as it is in force; of a secret only that there is one. */
export async function showConfiguration(options: ConfigurationOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const page = await admin.ask("GET /configuration", { query: listQueryOf(options) });
  if (options.json) return terminal.print(losslessJson(page));
  const rows = page.items.map((one) => [one.key, valueText(one), one.isDefault ? "" : "set"]);
  terminal.print(textTable(["KEY", "VALUE", ""], rows));
  tellMore(page, terminal);
}

function valueText({ value, isSecret, isDefault }: SettingAnswer): string {
  if (isSecret) return isDefault ? "-" : "(not told)";
  if (value === null) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}
