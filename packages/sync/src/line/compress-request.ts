import { promisify } from "node:util";
import { zstdCompress, zstdCompressSync } from "node:zlib";

/** Below it a body fits into the packets that its headers take anyway. */
const compressFromBytes = 1024;

/**
 * Up to here a body is compressed at once, in less than a millisecond: handed to another thread it would come back, and
 * go out, only after whatever this one is busy with, such as a portion that is being made durable.
 */
const atOnceBytesMax = 64 * 1024;

const compress = promisify(zstdCompress);

/** A request's body as it goes over the line, with the headers that say so. */
export interface RequestBody {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** Compresses a body that is worth it: records of one kind repeat each other's names and codes, and shrink to a tenth. */
export async function compressRequest(text: string): Promise<RequestBody> {
  const bytes = Buffer.from(text);
  if (bytes.byteLength < compressFromBytes) return { bytes, headers: {} };
  const isSmall = bytes.byteLength <= atOnceBytesMax;
  return { bytes: isSmall ? zstdCompressSync(bytes) : await compress(bytes), headers: { "content-encoding": "zstd" } };
}
