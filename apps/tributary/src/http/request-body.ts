import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { refuse } from "./refuse.ts";
import type { RequestRefused } from "./request-refused.ts";

const decoders = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

const nothing = "";

/**
 * A request's body as text: decompressed within a limit, and certainly UTF-8. A compressed body is never unpacked
 * beyond `bytesMax`, so a small one cannot fill the memory.
 *
 * Throws `RequestRefused` with 400, 413 or 415.
 */
export async function readRequestBody(
  received: Uint8Array | undefined,
  headers: { readonly contentEncoding: string | undefined; readonly contentType: string | undefined },
  bytesMax: number,
): Promise<string> {
  if (!received || received.length === 0) return nothing;
  requireUtf8Charset(headers.contentType);
  const bytes = await decompress(received, headers.contentEncoding, bytesMax);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse({ status: 400, code: "structure" }, "body-not-utf8", {});
  }
}

/** The refusal of a body that is larger than the node takes. */
export function bodyTooLarge(bytesMax: number): RequestRefused {
  return refuse({ status: 413, code: "PAYLOAD_TOO_LARGE" }, "body-too-large", { bytes: String(bytesMax) });
}

async function decompress(received: Uint8Array, encoding: string | undefined, bytesMax: number): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? "identity";
  if (name === "identity" || name === "") return received;
  if (!isKnown(name)) {
    const headers = { "accept-encoding": "zstd, br, gzip, deflate" };
    const encodings = Object.keys(decoders).join(", ");
    throw refuse({ status: 415, code: "not-supported", headers }, "body-encoding", { encodings });
  }
  try {
    return await decoders[name](received, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw bodyTooLarge(bytesMax);
    throw refuse({ status: 400, code: "structure" }, "body-cut", { encoding: name });
  }
}

function isKnown(name: string): name is keyof typeof decoders {
  return Object.hasOwn(decoders, name);
}

function requireUtf8Charset(contentType: string | undefined): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? "")?.[1];
  if (!charset || /^(utf-?8|us-ascii)$/i.test(charset)) return;
  throw refuse({ status: 415, code: "not-supported" }, "charset-not-utf8", {});
}
