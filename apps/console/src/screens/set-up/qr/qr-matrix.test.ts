import { describe, expect, it } from "vitest";
import { qrBytesMax, qrCodewords } from "./qr-codewords.ts";
import { drawSymbol, qrMatrix } from "./qr-matrix.ts";
import { errorCorrection } from "./reed-solomon.ts";

const textOf = (matrix: readonly (readonly boolean[])[]) =>
  matrix.map((row) => row.map((isDark) => (isDark ? "1" : "0")).join("")).join("\n");

async function digestOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The symbol of `7K3M9QX2VTB4H8RC` as an encoder that is not ours draws it. */
const reference = `
1111111011000111001111111
1000001000001001001000001
1011101011101100001011101
1011101001100001001011101
1011101000110001101011101
1000001011000110101000001
1111111010101010101111111
0000000000110101000000000
1010001101111101100100101
1010110100001000110100011
1111111010001111101100011
1010010110101011000101011
1110101110010111001011110
0101100110000110100101100
1111111101010001111100101
0001000101100100001000011
1110101110111100111110001
0000000010001001100010111
1111111011101110101010111
1000001000011010100011000
1011101001000111111110111
1011101001000110000110010
1011101011110001000110111
1000001001000100010001000
1111111010011100111100101`.trim();

describe("the QR code of an enrolment", () => {
  it("has the error correction of the worked example in the standard's literature", () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];

    expect(errorCorrection(data, 10)).toEqual([196, 35, 39, 119, 235, 215, 231, 226, 93, 23]);
  });

  it("is drawn module by module as another encoder draws it", () => {
    expect(textOf(qrMatrix("7K3M9QX2VTB4H8RC")!)).toBe(reference);
  });

  it.each([
    ["A", 1, "bd7fe9d6d52a34467291c00c1c6a49e61048d2b5cdbcabc01b08b7caf3a5e27f"],
    [
      "tributary enrol --parent https://central.example.org --code 7K3M9QX2VTB4H8RC",
      5,
      "64625319b801aa75cf8c85b91e00ebaa215fa5c9548f5d174d52092a85c47ab1",
    ],
    ["x".repeat(qrBytesMax), 6, "efc066bc29fc3ba3e455710b89442819be2b26bd6f23c24731c67adc7b48befb"],
    ["é€ ü", 1, "b830333ed067e5e2cca852f850e4bd1423ad303b69a783a09029454efd43ef06"],
  ])("is the other encoder's symbol under each of the eight masks (%#)", async (text, version, digest) => {
    const told = qrCodewords(text)!;
    const drawn = Array.from({ length: 8 }, (_, mask) => textOf(drawSymbol(told.version, told.codewords, mask)));

    expect(told.version).toBe(version);
    expect(await digestOf(drawn.join("\n"))).toBe(digest);
  });

  it("is left out for a text that is too long", () => {
    expect(qrMatrix("x".repeat(qrBytesMax + 1))).toBeUndefined();
  });
});
