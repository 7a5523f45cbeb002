import { qrCodewords } from "./qr-codewords.ts";
import { penaltyOf } from "./qr-penalty.ts";

/** A symbol's modules, `true` for dark, row by row, without the quiet zone around it. */
export type QrMatrix = readonly (readonly boolean[])[];

/** What the eight masks turn over, by row and column. */
const masks: readonly ((y: number, x: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
];

/**
 * Draws a text of at most `qrBytesMax` bytes as a QR code of error correction level M, with the mask that reads best.
 * Returns `undefined` for a text that is too long. See ISO/IEC 18004.
 */
export function qrMatrix(text: string): QrMatrix | undefined {
  const told = qrCodewords(text);
  if (!told) return undefined;
  const drawn = masks.map((_, mask) => drawSymbol(told.version, told.codewords, mask));
  return drawn.reduce((best, one) => (penaltyOf(one) < penaltyOf(best) ? one : best));
}

/** Draws one symbol: its fixed patterns, the data under a mask, and which mask that is. */
export function drawSymbol(version: number, codewords: readonly number[], mask: number): QrMatrix {
  const size = 17 + 4 * version;
  const modules = Array.from({ length: size }, () =>
    Array.from({ length: size }, () => undefined as boolean | undefined),
  );
  const put = (y: number, x: number, isDark: boolean) => {
    if (y >= 0 && x >= 0 && y < size && x < size) modules[y]![x] = isDark;
  };
  for (let at = 0; at < size; at += 1) {
    put(6, at, at % 2 === 0);
    put(at, 6, at % 2 === 0);
  }
  for (const [y, x] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    drawSquares(put, y, x, 4);
  if (version > 1) drawSquares(put, size - 7, size - 7, 2);
  drawFormat(put, size, mask);
  placeData(modules, codewords, masks[mask]!);
  return modules.map((row) => row.map((module) => module === true));
}

/** Squares within each other: of a finder pattern with the light border around it, or of an alignment pattern. */
function drawSquares(put: (y: number, x: number, isDark: boolean) => void, y: number, x: number, reach: number): void {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const ring = Math.max(Math.abs(dy), Math.abs(dx));
      put(y + dy, x + dx, reach === 2 ? ring !== 1 : ring !== 2 && ring !== 4);
    }
  }
}

/** Level and mask in fifteen bits, ten of them a BCH code, in both of their places. */
function drawFormat(put: (y: number, x: number, isDark: boolean) => void, size: number, mask: number): void {
  let remainder = mask;
  for (let step = 0; step < 10; step += 1) remainder = (remainder << 1) ^ ((remainder >>> 9) * 0x537);
  const bits = ((mask << 10) | remainder) ^ 0x5412;
  for (let bit = 0; bit < 15; bit += 1) {
    const isDark = ((bits >>> bit) & 1) === 1;
    if (bit < 8) put(8, size - 1 - bit, isDark);
    else put(size - 15 + bit, 8, isDark);
    if (bit < 6) put(bit, 8, isDark);
    else if (bit < 8) put(bit + 1, 8, isDark);
    else if (bit === 8) put(8, 7, isDark);
    else put(8, 14 - bit, isDark);
  }
  put(size - 8, 8, true);
}

/** Fills what is free in columns of two, from the right, up and down in turn. */
function placeData(
  modules: (boolean | undefined)[][],
  codewords: readonly number[],
  isTurned: (y: number, x: number) => boolean,
): void {
  const size = modules.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = isUpward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (modules[y]![x] !== undefined) continue;
        const isOne = (((codewords[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1;
        modules[y]![x] = isOne !== isTurned(y, x);
        bit += 1;
      }
    }
  }
}
