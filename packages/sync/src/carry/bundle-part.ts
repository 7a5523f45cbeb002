import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import { refused } from "./carried-file.ts";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** No request or answer of the protocol is larger. */
const partBytesMax = 64 * 1024 * 1024;
/** What its first line says comes to far less. */
const headBytesMax = 1024 * 1024;
const newline = 10;

/** A part of a bundle or an answer: what it is, and its content to the byte. */
export interface BundlePart {
  readonly head: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Writes a part: a line of JSON and the content behind it, compressed. */
export function packPart(head: object, body: string | Uint8Array = ""): Promise<Uint8Array> {
  const text = typeof body === "string" ? Buffer.from(body) : body;
  return compress(Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), text]));
}

/** Tells whether a part can hold a content, so that whoever gets it can read it. */
export function fitsIntoPart(body: string): boolean {
  return Buffer.byteLength(body) <= partBytesMax - headBytesMax;
}

/** Reads a part; one that is none throws `CARRIED_FILE_REFUSED`. */
export async function unpackPart(bytes: Uint8Array): Promise<BundlePart> {
  try {
    const raw = await decompress(bytes, { maxOutputLength: partBytesMax });
    const end = raw.indexOf(newline);
    const head: unknown = JSON.parse(raw.toString("utf8", 0, end));
    if (typeof head === "object" && head !== null)
      return { head: head as BundlePart["head"], body: raw.subarray(end + 1) };
  } catch {
    // Told below: its sender has sealed something else.
  }
  throw refused("it does not hold what such a file holds");
}
