/** The field's defining polynomial, x^8 + x^4 + x^3 + x^2 + 1, as QR codes use it. */
const fieldPolynomial = 0x11d;

/**
 * The error correction codewords of a block: the remainder of its data by the generator polynomial of `count` roots.
 * See ISO/IEC 18004, error correction coding.
 */
export function errorCorrection(data: readonly number[], count: number): number[] {
  const divisor = generator(count);
  const remainder: number[] = Array.from({ length: count }, () => 0);
  for (const byte of data) {
    const factor = byte ^ remainder.shift()!;
    remainder.push(0);
    for (const [at, coefficient] of divisor.entries()) remainder[at]! ^= product(coefficient, factor);
  }
  return remainder;
}

/** (x - 2^0)(x - 2^1)…, highest power first, without its leading one. */
function generator(count: number): number[] {
  const result: number[] = [...Array.from({ length: count - 1 }, () => 0), 1];
  let root = 1;
  for (let step = 0; step < count; step += 1) {
    for (let at = 0; at < count; at += 1) result[at] = product(result[at]!, root) ^ (result[at + 1] ?? 0);
    root = product(root, 2);
  }
  return result;
}

function product(one: number, other: number): number {
  let result = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    result = (result << 1) ^ ((result >>> 7) * fieldPolynomial);
    result ^= ((other >>> bit) & 1) * one;
  }
  return result;
}
