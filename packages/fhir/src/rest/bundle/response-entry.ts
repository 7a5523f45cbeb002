import type { HttpResponse } from "@tributary/kernel";
import { answer } from "../answers.ts";

const statusTexts: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  304: "Not Modified",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  503: "Service Unavailable",
  507: "Insufficient Storage",
};

/** Writes what an entry came to as an entry of the answer; an error's body stands there as its outcome. */
export function responseEntry({ status, headers, body }: HttpResponse): string {
  const text = statusTexts[status];
  const { location, etag, "last-modified": lastModified } = headers;
  const response = JSON.stringify({
    status: text === undefined ? String(status) : `${status} ${text}`,
    ...(location !== undefined && { location }),
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified: new Date(lastModified).toISOString() }),
  });
  if (typeof body !== "string" || body === "") return `{"response":${response}}`;
  if (body.startsWith('{"resourceType":"OperationOutcome"')) {
    return `{"response":${response.slice(0, -1)},"outcome":${body}}}`;
  }
  return `{"resource":${body},"response":${response}}`;
}

/** Answers with a Bundle made of entries' texts. */
export function answerBundle(
  type: "batch-response" | "transaction-response",
  entries: readonly string[],
): HttpResponse {
  const listed = entries.length > 0 ? `,"entry":[${entries.join(",")}]` : "";
  return answer(200, `{"resourceType":"Bundle","type":"${type}"${listed}}`);
}
