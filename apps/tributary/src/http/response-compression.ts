import { promisify } from "node:util";
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib";
import type { HttpResponse } from "@tributary/kernel";

/** Below this the saving is smaller than the frame of one network packet. */
const worthwhileBytes = 1024;
/** Twice as quick as the highest usual quality, and within a few per cent of its size on JSON and XML. */
const brotliQuality = 4;

const encoders = {
  zstd: promisify(zstdCompress),
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }),
  gzip: promisify(gzip),
} as const;

type Encoding = keyof typeof encoders;

/**
 * Compresses an answer when the client accepts it and it is worth it. A strong ETag becomes a weak one, since the bytes
 * are others; answers that could have been compressed say that they vary.
 */
export async function compressResponse(
  response: HttpResponse,
  acceptEncoding: string | undefined,
): Promise<HttpResponse> {
  const { status, headers, body } = response;
  if (body === undefined || status === 204 || status === 304) return response;
  if (headers["content-encoding"] || !isCompressible(headers["content-type"])) return response;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (bytes.length < worthwhileBytes) return response;
  const varying = { ...headers, vary: addTo(headers["vary"], "accept-encoding") };
  const encoding = preferredEncoding(acceptEncoding);
  if (!encoding) return { status, headers: varying, body };
  const etag = headers["etag"];
  return {
    status,
    headers: {
      ...varying,
      "content-encoding": encoding,
      ...(etag && !etag.startsWith("W/") ? { etag: `W/${etag}` } : {}),
    },
    body: await encoders[encoding](bytes),
  };
}

/** The best encoding that a client accepts, or `undefined` for none: its own preference first, then ours. */
export function preferredEncoding(acceptEncoding: string | undefined): Encoding | undefined {
  const wishes = new Map(
    (acceptEncoding ?? "").split(",").map((part) => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const quality = parameters.find((one) => one.startsWith("q="));
      return [name, quality ? Number(quality.slice(2)) || 0 : 1] as const;
    }),
  );
  const ours = Object.keys(encoders) as Encoding[];
  const wanted = ours.map((name) => [name, wishes.get(name) ?? wishes.get("*") ?? 0] as const);
  return wanted.filter(([, quality]) => quality > 0).sort(([, a], [, b]) => b - a)[0]?.[0];
}

function isCompressible(contentType: string | undefined): boolean {
  return /^text\/|[/+](json|xml|ndjson)\b|\/vnd\.tributary\./.test(contentType ?? "");
}

function addTo(vary: string | undefined, name: string): string {
  if (!vary) return name;
  return vary.toLowerCase().includes(name) ? vary : `${vary}, ${name}`;
}
