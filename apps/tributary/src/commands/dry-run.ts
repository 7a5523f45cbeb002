import type { Forecast } from "@tributary/admin-api";
import type { AdminOptions } from "../admin-connection/open-admin.ts";
import { textTable } from "./text-table.ts";

/** What a push or a pull takes besides the node. */
export interface RoundOptions extends AdminOptions {
  readonly dryRun?: boolean;
  readonly evenIfPaused?: boolean;
  readonly json?: boolean;
}

/** What would go or come, as a table of types; `verb` says which of the two it is. */
export function describeForecast({ records, size, byType, heldBack }: Forecast, verb: "go" | "come"): string {
  const held = Object.entries(heldBack).map(([type, count]) => `${count} ${type}`);
  const lines = [`${records} records would ${verb}, about ${size} bytes before compression; nothing was written.`];
  if (records > 0) {
    const rows = Object.entries(byType).map(([type, one]) => [type, String(one.records), String(one.size)]);
    lines.push(textTable(["TYPE", "RECORDS", "BYTES"], rows));
  }
  if (held.length > 0) lines.push(`Held back, since their types do not ${verb} by themselves: ${held.join(", ")}.`);
  return lines.join("\n");
}
