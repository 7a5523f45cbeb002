/** The round number at or above a value, for the top of an axis: `tickAt(37) // 40`. */
export function tickAt(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 8, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}
