import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { RequestRefused } from "./request-refused.ts";

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
    throw new RequestRefused({ status: 400, code: "structure", sentence: "The body is not UTF-8; send it as UTF-8." });
  }
}

/** The refusal of a body that is larger than the node takes. */
export function bodyTooLarge(bytesMax: number): RequestRefused {
  return new RequestRefused({
    status: 413,
    code: "PAYLOAD_TOO_LARGE",
    sentence: `The body is larger than ${bytesMax} bytes (limits.bodyMegabytes); split the request.`,
  });
}

async function decompress(received: Uint8Array, encoding: string | undefined, bytesMax: number): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? "identity";
  if (name === "identity" || name === "") return received;
  if (!isKnown(name)) {
    throw new RequestRefused({
      status: 415,
      code: "not-supported",
      sentence: `Bodies may be compressed as ${Object.keys(decoders).join(", ")}, not as the Content-Encoding says.`,
      headers: { "accept-encoding": "zstd, br, gzip, deflate" },
    });
  }
  try {
    return await decoders[name](received, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw bodyTooLarge(bytesMax);
    throw new RequestRefused({
      status: 400,
      code: "structure",
      sentence: `The body is no whole ${name} stream; it may have been cut short.`,
    });
  }
}

function isKnown(name: string): name is keyof typeof decoders {
  return Object.hasOwn(decoders, name);
}

function requireUtf8Charset(contentType: string | undefined): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? "")?.[1];
  if (!charset || /^(utf-?8|us-ascii)$/i.test(charset)) return;
  throw new RequestRefused({
    status: 415,
    code: "not-supported",
    sentence: "Only UTF-8 is understood; send the body as UTF-8.",
  });
}
