import type { AlertAnswer } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { textTable } from "./text-table.ts";

export interface AlertsOptions extends AdminOptions, ListOptions<"openedAt" | "rule" | "subject" | "severity"> {
  /** Those that are closed too. */
  readonly all?: boolean;
  readonly rule?: string;
  readonly severity?: AlertAnswer["severity"];
  readonly json?: boolean;
}

/**
 * `tributary alerts`: what a rule found, the latest first, as the node last looked while it was running. Returns the exit
 * code: 1 when one that is critical is open.
 */
export async function showAlerts(options: AlertsOptions, terminal: Terminal): Promise<number> {
  const { all, rule, severity } = options;
  await using admin = await openAdmin(options, terminal);
  const query = {
    ...listQueryOf(options),
    ...(all ? {} : ({ state: "open" } as const)),
    ...(rule === undefined ? {} : { rule }),
    ...(severity === undefined ? {} : { severity }),
  };
  const page = await admin.ask("GET /alerts", { query });
  if (options.json) terminal.print(losslessJson(page));
  else if (page.items.length === 0) terminal.print(all ? "No alerts." : "No alert is open.");
  else {
    const rows = page.items.map((alert) => [
      new Date(alert.openedAt).toISOString(),
      alert.closedAt === null ? alert.severity : `closed ${new Date(alert.closedAt).toISOString()}`,
      alert.rule,
      alert.sentence,
    ]);
    terminal.print(textTable(["OPENED", "STATE", "RULE", "WHAT"], rows));
    tellMore(page, terminal);
  }
  const isCritical = page.items.some((alert) => alert.severity === "critical" && alert.closedAt === null);
  return isCritical ? exitCodes.failed : exitCodes.done;
}
