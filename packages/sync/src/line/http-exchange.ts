import { brotliDecompressSync, gunzipSync, type InputType, zstdDecompressSync } from "node:zlib";
import { TributaryError } from "@tributary/kernel";
import type { Dispatcher } from "undici";
import { compressRequest } from "./compress-request.ts";
import type { Exchange, ExchangeResponse } from "./exchange.ts";

/** A line that has said nothing for so long is taken for dead; two satellite round trips fit many times. */
const silenceMs = 30_000;
/** No answer of the protocol is larger: batches are asked for by their size. */
const answerBytesMax = 64 * 1024 * 1024;

const decoders: Readonly<Record<string, (bytes: InputType, options: { maxOutputLength: number }) => Uint8Array>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Opens a line over HTTP with kept-alive connections and compressed bodies both ways; dispose of it to close them. */
export async function openHttpExchange(): Promise<Exchange & AsyncDisposable> {
  const { Agent } = await import("undici");
  const agent = new Agent({
    connect: { timeout: silenceMs },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxResponseSize: answerBytesMax,
  });
  const exchange: Exchange = async (request, signal) => {
    try {
      const sent = request.body === undefined ? undefined : await compressRequest(request.body);
      const answer = await agent.request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: { "accept-encoding": "zstd, gzip", ...request.headers, ...sent?.headers },
        body: sent?.bytes ?? null,
        signal,
      });
      const wire = await received(answer, request.onPart);
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
      );
      return {
        status: answer.statusCode,
        headers,
        body: decoded(wire, headers),
        wireBytes: wire.byteLength,
        sentBytes: sent?.bytes.byteLength ?? 0,
      };
    } catch (error) {
      if (error instanceof TributaryError) throw error;
      throw new TributaryError("REMOTE_UNAVAILABLE", `${request.url.origin} gave no whole answer.`, {
        cause: error,
        retryable: true,
      });
    }
  };
  return Object.assign(exchange, { [Symbol.asyncDispose]: () => agent.close() });
}

async function received(
  answer: Dispatcher.ResponseData,
  onPart: ((part: Uint8Array, status: number) => void) | undefined,
): Promise<Uint8Array> {
  if (!onPart || answer.headers["content-encoding"]) return new Uint8Array(await answer.body.arrayBuffer());
  const parts: Uint8Array[] = [];
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    parts.push(part);
    onPart(part, answer.statusCode);
  }
  return Buffer.concat(parts);
}

function decoded(wire: Uint8Array, headers: ExchangeResponse["headers"]): Uint8Array {
  const encoding = headers["content-encoding"];
  if (!encoding || encoding === "identity" || wire.byteLength === 0) return wire;
  const decode = decoders[encoding];
  if (!decode)
    throw new TributaryError("REMOTE_NONSENSE", `The answer is encoded as ${encoding}, which was not asked for.`);
  try {
    return decode(wire, { maxOutputLength: answerBytesMax });
  } catch (error) {
    throw new TributaryError("REMOTE_UNAVAILABLE", "The compressed answer was damaged on its way.", {
      cause: error,
      retryable: true,
    });
  }
}
