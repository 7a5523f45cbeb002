/** What looks like a finder pattern with light beside it, which a reader may mistake for one. */
const lookAlikes = ["10111010000", "00001011101"] as const;

/** How hard a symbol is to read, by the four features that ISO/IEC 18004 counts; the lowest is the best. */
export function penaltyOf(matrix: readonly (readonly boolean[])[]): number {
  const rows = matrix.map((row) => row.map((isDark) => (isDark ? "1" : "0")).join(""));
  const columns = rows.map((_, x) => rows.map((row) => row[x]).join(""));
  return [...rows, ...columns].reduce((sum, line) => sum + ofLine(line), ofBlocks(rows) + ofBalance(rows));
}

function ofLine(line: string): number {
  let penalty = 0;
  for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
  for (const pattern of lookAlikes) {
    for (let at = line.indexOf(pattern); at >= 0; at = line.indexOf(pattern, at + 1)) penalty += 40;
  }
  return penalty;
}

function ofBlocks(rows: readonly string[]): number {
  let penalty = 0;
  for (let y = 0; y + 1 < rows.length; y += 1) {
    for (let x = 0; x + 1 < rows.length; x += 1) {
      const block = rows[y]!.slice(x, x + 2) + rows[y + 1]!.slice(x, x + 2);
      if (block === "0000" || block === "1111") penalty += 3;
    }
  }
  return penalty;
}

function ofBalance(rows: readonly string[]): number {
  const dark = rows.join("").replaceAll("0", "").length;
  const share = (dark * 100) / rows.length ** 2;
  return Math.floor(Math.abs(share - 50) / 5) * 10;
}
