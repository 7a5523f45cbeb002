import { TributaryError } from "@tributary/kernel";
import { digestHeader, digestOfBody } from "../src/line/body-digest.ts";
import type { Exchange, ExchangeRequest } from "../src/line/exchange.ts";

/** Cuts a line whenever the test says so: `before` the request arrives, or `after`, when only the answer is lost. */
export function cutting(
  line: Exchange,
  when: (request: ExchangeRequest, count: number) => "before" | "after" | undefined,
): Exchange {
  let count = 0;
  return async (request, signal) => {
    count += 1;
    const cut = when(request, count);
    if (cut === "before") throw new TributaryError("REMOTE_UNAVAILABLE", "The line is down.", { retryable: true });
    const answer = await line(request, signal);
    if (cut === "after") throw new TributaryError("REMOTE_UNAVAILABLE", "The line broke off.", { retryable: true });
    return answer;
  };
}

/** A request with another body than was meant, sent by one who lies and not damaged by the line: its digest is right. */
export function saying(request: ExchangeRequest, body: string): ExchangeRequest {
  return { ...request, headers: { ...request.headers, [digestHeader]: digestOfBody(body) }, body };
}

/** Counts what goes over a line, by path. */
export function counting(line: Exchange): Exchange & { readonly paths: string[] } {
  const paths: string[] = [];
  const counted: Exchange = (request, signal) => {
    paths.push(request.url.pathname.replace("/sync/v1/", ""));
    return line(request, signal);
  };
  return Object.assign(counted, { paths });
}

/** What becomes of an answer; with `isLie` it is the other end that tells it so, and its digest is right. */
export interface FalseAnswer {
  readonly body?: Uint8Array;
  readonly status?: number;
  readonly contentType?: string;
  readonly isLie?: boolean;
}

/** Changes answers on their way. */
export function falsifying(
  line: Exchange,
  change: (body: Buffer, request: ExchangeRequest) => FalseAnswer | undefined,
): Exchange {
  return async (request, signal) => {
    const answer = await line(request, signal);
    const changed = change(Buffer.from(answer.body), request);
    if (!changed) return answer;
    const body = changed.body ?? answer.body;
    const headers = {
      ...answer.headers,
      ...(changed.contentType ? { "content-type": changed.contentType } : {}),
      ...(changed.isLie ? { [digestHeader]: digestOfBody(body) } : {}),
    };
    return { ...answer, headers, status: changed.status ?? answer.status, body };
  };
}

/** Breaks off whenever so many bytes have come; what came of an answer until then has been told. `bytes` counts all of them. */
export function cuttingEvery(line: Exchange, everyBytes: number): Exchange & { bytes: number } {
  let left = everyBytes;
  const cut: Exchange & { bytes: number } = Object.assign(
    (async (request, signal) => {
      const { onPart, ...quiet } = request;
      const answer = await line(quiet, signal);
      const part = answer.body.subarray(0, left);
      cut.bytes += part.byteLength;
      left -= part.byteLength;
      onPart?.(part, answer.status);
      if (left > 0) return answer;
      left = everyBytes;
      throw new TributaryError("REMOTE_UNAVAILABLE", "The line broke off.", { retryable: true });
    }) as Exchange,
    { bytes: 0 },
  );
  return cut;
}
