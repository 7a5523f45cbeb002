/** A number and the range that its digits leave open: `5.40` is from 5.395 up to, but not including, 5.405. */
export interface DecimalRange {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const pattern = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal with its implicit precision; `undefined` when it is none. https://hl7.org/fhir/R4/search.html#number */
export function parseDecimalRange(text: string): DecimalRange | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = found;
  const digits = BigInt(`${whole}${fraction}`) * 10n * (sign === "-" ? -1n : 1n);
  const exponent = Number(power) - fraction.length - 1;
  const numberOf = (mantissa: bigint): number => Number(`${mantissa}e${exponent}`);
  const value = Number(text);
  return Number.isFinite(value) ? { value, low: numberOf(digits - 5n), high: numberOf(digits + 5n) } : undefined;
}
