import type { ContestedElement } from "@tributary/admin-api";
import { digitsOf, type JsonObject, type JsonValue } from "@tributary/fhir";

/** Wide enough for a name or an address line; three panes and the names fit a wide terminal. `--json` has it all. */
const paneWidthMax = 36;
/** A whole record can have thousands of values; what differs in more than this is read as JSON. */
const rowsMax = 200;

/**
 * Draws base, parent and child side by side, a line for each value in which they differ.
 *
 * ```
 *            base        parent      child
 * birthDate  1980-01-01  1981-01-01  1982-01-01
 * ```
 */
export function drawPanes({ base, mine, theirs }: Pick<ContestedElement, "base" | "mine" | "theirs">): string {
  const panes = [base, mine, theirs].map((side) => valuesOf(side as JsonObject | undefined));
  const names = [...new Set(panes.flatMap((pane) => [...pane.keys()]))];
  const rows = names
    .map((name) => [name, ...panes.map((pane) => pane.get(name) ?? "–")])
    .filter(([, ...values]) => new Set(values).size > 1);
  const drawn = alignColumns([["", "base", "parent", "child"], ...rows.slice(0, rowsMax)]);
  return rows.length > rowsMax ? `${drawn}\n… and ${rows.length - rowsMax} more; --json has them all.` : drawn;
}

/** Every value with the place where it stands: `name[0].family`. */
function valuesOf(fragment: JsonObject | undefined): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const collect = (value: JsonValue | undefined, place: string): void => {
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) collect(item, `${place}[${at}]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) collect(member, place === "" ? name : `${place}.${name}`);
    } else if (value !== undefined) {
      values.set(place, textOf(value));
    }
  };
  collect(fragment, "");
  return values;
}

/** One line, without what a terminal would obey. */
function textOf(value: Exclude<JsonValue, object>): string {
  return (digitsOf(value) ?? String(value)).replace(/[\p{Cc}\s\u202a-\u202e\u2066-\u2069]+/gu, " ");
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const cut = rows.map((row) => row.map(shortened));
  const widths = (cut[0] ?? []).map((_, column) => Math.max(...cut.map((row) => row[column]?.length ?? 0)));
  return cut
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function shortened(text: string): string {
  return text.length > paneWidthMax ? `${text.slice(0, paneWidthMax - 1)}…` : text;
}
