/** Rows as aligned columns under their headings, for a person at a terminal. The last column is as long as it is. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Text without the characters by which a terminal could be told to do something; it may come from another node. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "\ufffd");
}
