import { errorCorrection } from "./reed-solomon.ts";

/** How a size of symbol divides its codewords at error correction level M, by which 15 % of it may be unreadable. */
interface Division {
  readonly blocks: number;
  readonly dataPerBlock: number;
  readonly correctionPerBlock: number;
}

/** Versions 1 to 6, which need no version information and one alignment pattern at the most. */
const divisions: readonly Division[] = [
  { blocks: 1, dataPerBlock: 16, correctionPerBlock: 10 },
  { blocks: 1, dataPerBlock: 28, correctionPerBlock: 16 },
  { blocks: 1, dataPerBlock: 44, correctionPerBlock: 26 },
  { blocks: 2, dataPerBlock: 32, correctionPerBlock: 18 },
  { blocks: 2, dataPerBlock: 43, correctionPerBlock: 24 },
  { blocks: 4, dataPerBlock: 27, correctionPerBlock: 16 },
];

/** Bytes that the byte mode's head takes: four bits of mode, eight of length, four that end the text. */
const headBytes = 2;
const padding = [0xec, 0x11] as const;

/** Bytes of UTF-8 that fit into the largest symbol. */
export const qrBytesMax = 4 * 27 - headBytes;

/** A text as the codewords of the smallest symbol that holds it, interleaved as they are placed; `undefined` when it is too long. */
export function qrCodewords(
  text: string,
): { readonly version: number; readonly codewords: readonly number[] } | undefined {
  const bytes = new TextEncoder().encode(text);
  const at = divisions.findIndex(({ blocks, dataPerBlock }) => bytes.length + headBytes <= blocks * dataPerBlock);
  const division = divisions[at];
  if (!division) return undefined;
  const { blocks, dataPerBlock, correctionPerBlock } = division;
  const data = dataCodewords(bytes, blocks * dataPerBlock);
  const parts = Array.from({ length: blocks }, (_, n) => data.slice(n * dataPerBlock, (n + 1) * dataPerBlock));
  const corrections = parts.map((part) => errorCorrection(part, correctionPerBlock));
  return { version: at + 1, codewords: [...interleaved(parts), ...interleaved(corrections)] };
}

/** Mode 4 (bytes), the length, the bytes shifted by half a byte, four zero bits, then the padding in turn. */
function dataCodewords(bytes: Uint8Array, count: number): number[] {
  const nibbles = [4, bytes.length >> 4, bytes.length & 15, ...[...bytes].flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const data: number[] = [];
  for (let at = 0; at < nibbles.length; at += 2) data.push((nibbles[at]! << 4) | nibbles[at + 1]!);
  const filled = data.length;
  while (data.length < count) data.push(padding[(data.length - filled) % 2]!);
  return data;
}

function interleaved(parts: readonly (readonly number[])[]): number[] {
  return parts[0]!.flatMap((_, at) => parts.map((part) => part[at]!));
}
