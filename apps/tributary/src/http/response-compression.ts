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

/** What of a request decides how its answer is encoded. */
export interface EncodingWishes {
  readonly acceptEncoding: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/**
 * Compresses an answer when the client accepts it and it is worth it.
 *
 * A strong ETag names bytes, so that of compressed ones gets the encoding as its ending: `"7"` becomes `"7--gzip"`.
 * Handlers never see the ending: hand them `plainTags` of what the client sent. RFC 9110 §8.8.3.3.
 */
export async function compressResponse(
  response: HttpResponse,
  { acceptEncoding, ifNoneMatch }: EncodingWishes,
): Promise<HttpResponse> {
  const { status, headers, body } = response;
  if (status === 304) return { ...response, headers: { ...headers, ...tagAsSent(headers["etag"], ifNoneMatch) } };
  if (body === undefined || status === 204) return response;
  if (headers["content-encoding"] || !isCompressible(headers["content-type"])) return response;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  if (bytes.length < worthwhileBytes) return response;
  const varying = { ...headers, vary: addTo(headers["vary"], "accept-encoding") };
  const encoding = preferredEncoding(acceptEncoding);
  if (!encoding) return { status, headers: varying, body };
  return {
    status,
    headers: {
      ...varying,
      "content-encoding": encoding,
      ...encodedTag(headers["etag"], encoding),
    },
    body: await encoders[encoding](bytes),
  };
}

/** The best of some encodings that a client accepts, or `undefined` for none: its own preference first, then ours. */
export function preferredEncoding(
  acceptEncoding: string | undefined,
  ours: readonly Encoding[] = Object.keys(encoders) as Encoding[],
): Encoding | undefined {
  const wishes = new Map(
    (acceptEncoding ?? "").split(",").map((part) => {
      const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const quality = parameters.find((one) => one.startsWith("q="));
      return [name, quality ? Number(quality.slice(2)) || 0 : 1] as const;
    }),
  );
  const wanted = ours.map((name) => [name, wishes.get(name) ?? wishes.get("*") ?? 0] as const);
  return wanted.filter(([, quality]) => quality > 0).sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** What the client's `If-None-Match` says of our answers before compression. */
export function plainTags(ifNoneMatch: string): string {
  return ifNoneMatch.replace(/(?<=")([^"]*)--(?:zstd|br|gzip)"/g, '$1"');
}

function encodedTag(etag: string | undefined, encoding: Encoding): { readonly etag?: string } {
  return etag?.startsWith('"') ? { etag: `${etag.slice(0, -1)}--${encoding}"` } : {};
}

function tagAsSent(etag: string | undefined, ifNoneMatch: string | undefined): { readonly etag?: string } {
  const sent = (Object.keys(encoders) as Encoding[]).map((encoding) => encodedTag(etag, encoding));
  return sent.find((one) => one.etag && ifNoneMatch?.includes(one.etag)) ?? {};
}

function isCompressible(contentType: string | undefined): boolean {
  return /^text\/|[/+](json|xml|ndjson)\b|\/vnd\.tributary\./.test(contentType ?? "");
}

function addTo(vary: string | undefined, name: string): string {
  if (!vary) return name;
  return vary.toLowerCase().includes(name) ? vary : `${vary}, ${name}`;
}
