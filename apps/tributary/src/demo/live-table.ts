/** One node's line in the table. */
export interface LiveRow {
  readonly name: string;
  readonly role: string;
  readonly records: number;
  /** Changes of the parent that the node has not taken in; `undefined` at the parent. */
  readonly behind: number | undefined;
  readonly lastPullAgoMs: number | undefined;
  readonly requests: number | undefined;
  readonly bytesDown: number | undefined;
}

const titles = ["node", "role", "records", "behind", "last pull", "requests", "received"] as const;

/** Draws the table that a person watches: one line a node, numbers at the right. */
export function drawLiveTable(rows: readonly LiveRow[]): string {
  const cells = [titles, ...rows.map(cellsOf)];
  const widths = titles.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join("  "),
    )
    .join("\n");
}

function cellsOf(row: LiveRow): string[] {
  return [
    row.name,
    row.role,
    String(row.records),
    row.behind === undefined ? "-" : row.behind === 0 ? "in step" : String(row.behind),
    row.lastPullAgoMs === undefined ? "-" : `${(row.lastPullAgoMs / 1000).toFixed(1)} s ago`,
    row.requests === undefined ? "-" : String(row.requests),
    row.bytesDown === undefined ? "-" : bytes(row.bytesDown),
  ];
}

function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}
