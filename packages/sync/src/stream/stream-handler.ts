import type { Database } from "@tributary/database";
import type { HttpRequest, HttpResponse } from "@tributary/kernel";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { refusal } from "../json-answer.ts";
import { everythingStream, streamPageType } from "../protocol.ts";
import { readStreamPage } from "./read-stream-page.ts";
import { type StreamPage, writeStreamPage } from "./stream-page.ts";

/** Sealed pages kept as text, oldest out first: 200 pages are some 15 MB and span 100,000 changes. */
const keptPagesMax = 200;

/**
 * Serves the pages of a stream. A sealed page may be cached for ever; the working page has an ETag, so that an idle
 * child's poll is one request without a body.
 */
export function createStreamHandler(database: Database): ChildHandler {
  const sealed = new Map<string, string>();

  return async (request) => {
    const { stream = "", epoch, page } = request.parameters;
    if (stream !== everythingStream) {
      return refusal(403, "REMOTE_REFUSED", `There is no stream ${JSON.stringify(stream)} for this node.`);
    }
    const key = `${stream}/${epoch}/${page}`;
    const kept = sealed.get(key);
    if (kept !== undefined) return pageAnswer(request, kept, `"${key}"`, true);
    const asked = epoch === undefined ? "recent" : { epoch, page: pageNumber(page) };
    const reading = await database.snapshot((reader) => readStreamPage(reader, stream, asked));
    switch (reading.kind) {
      case "other-epoch":
        return refusal(410, "EPOCH_CHANGED", "The stream has another history now; read it from its beginning.", {
          epoch: reading.epoch,
        });
      case "no-such-page":
        return refusal(404, "EPOCH_CHANGED", `The stream ends at page ${reading.lastPage}.`);
      case "page": {
        const text = writeStreamPage(reading.page);
        if (!reading.page.isSealed) return pageAnswer(request, text, workingTag(reading.page), false);
        if (sealed.size >= keptPagesMax) sealed.delete(sealed.keys().next().value ?? "");
        if (asked !== "recent") sealed.set(key, text);
        return pageAnswer(request, text, `"${key}"`, true);
      }
    }
  };
}

function pageAnswer(request: HttpRequest, text: string, tag: string, isSealed: boolean): HttpResponse {
  const headers = {
    etag: tag,
    "cache-control": isSealed ? "private, max-age=31536000, immutable" : "no-cache",
  };
  if (request.headers["if-none-match"] === tag) return { status: 304, headers };
  return { status: 200, headers: { ...headers, "content-type": streamPageType }, body: text };
}

function workingTag({ stream, epoch, page, head }: StreamPage): string {
  return `"${stream}/${epoch}/${page}/${head}"`;
}

function pageNumber(text: string | undefined): number {
  return /^[1-9]\d{0,12}$/.test(text ?? "") ? Number(text) : 0;
}
