/** A number of things as a sentence has it: `1 record`, `2 records`. */
export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
