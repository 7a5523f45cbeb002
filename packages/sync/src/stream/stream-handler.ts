import type { Database } from "@tributary/database";
import type { HttpRequest, HttpResponse } from "@tributary/kernel";
import type { RefusalTrail } from "../catchment/refusal-trail.ts";
import { streamsOfChild } from "../catchment/serve/streams-of-child.ts";
import { visibilityOf } from "../catchment/visibility.ts";
import type { ChildHandler } from "../enrolment/child-authentication.ts";
import { refusal } from "../line/json-answer.ts";
import { streamPageEntries, streamPageType } from "../line/protocol.ts";
import { markerHeader, parseMarkerHeader } from "./marker-header.ts";
import { readStreamPage } from "./read-stream-page.ts";
import { otherCatchment, refuseStream } from "./refuse-stream.ts";
import { type StreamPage, writeStreamPage } from "./stream-page.ts";

/** Sealed pages kept as text, oldest out first: 200 pages are some 15 MB and span 100,000 changes. */
const keptPagesMax = 200;

/**
 * Serves the pages of a stream. A sealed page may be cached for ever; a child that
 * tells its marker and has read everything is answered without a body. `?after=` leaves out what the child has read of the page.
 */
export function createStreamHandler(database: Database, refusals: RefusalTrail): ChildHandler {
  const sealed = new Map<string, string>();

  return async (request, child) => {
    const { stream: name = "", epoch, page } = request.parameters;
    const visibility = await visibilityOf(database, child.node);
    const stream = streamsOfChild(visibility).get(name);
    if (stream === undefined) {
      await refusals.note(child.node, 1);
      return refuseStream(visibility, name);
    }
    const key = `${stream}/${epoch}/${page}`;
    const after = request.url.searchParams.get("after");
    const isBefore = (read: number) => stream === visibility.mainStream && read < visibility.from.position;
    if (epoch !== undefined && isBefore(Math.max(numberOf(after), (numberOf(page) - 1) * streamPageEntries))) {
      return otherCatchment();
    }
    const kept = after === null ? sealed.get(key) : undefined;
    if (kept !== undefined) return pageAnswer(request, kept, `"${key}"`, true);
    const asked = epoch === undefined ? "recent" : { epoch, page: numberOf(page), after: numberOf(after) };
    const reading = await database.snapshot((reader) => readStreamPage(reader, stream, asked));
    switch (reading.kind) {
      case "other-epoch":
        return refusal(410, "EPOCH_CHANGED", "The stream has another history now; read it from its beginning.", {
          epoch: reading.epoch,
        });
      case "no-such-page":
        return refusal(404, "EPOCH_CHANGED", `The stream ends at page ${reading.lastPage}.`);
      case "page": {
        if (isBefore(reading.page.from - 1)) return otherCatchment();
        if (isAtEnd(request, reading.page)) return { status: 204, headers: { "cache-control": "no-cache" } };
        const text = writeStreamPage({ ...reading.page, stream: name });
        if (!reading.page.isSealed || after !== null) {
          return pageAnswer(request, text, workingTag(reading.page), false);
        }
        if (sealed.size >= keptPagesMax) sealed.delete(sealed.keys().next().value ?? "");
        if (asked !== "recent") sealed.set(key, text);
        return pageAnswer(request, text, `"${key}"`, true);
      }
    }
  };
}

/** Whether the child has read all there is, and read the very history that is here. */
function isAtEnd(request: HttpRequest, page: StreamPage): boolean {
  const marker = parseMarkerHeader(request.headers[markerHeader]);
  if (!marker || page.entries.length > 0) return false;
  return marker.epoch === page.epoch && marker.position === page.head && marker.entryDigest === page.before;
}

function pageAnswer(request: HttpRequest, text: string, tag: string, isSealed: boolean): HttpResponse {
  const headers = {
    etag: tag,
    "cache-control": isSealed ? "private, max-age=31536000, immutable" : "no-cache",
  };
  if (request.headers["if-none-match"] === tag) return { status: 304, headers };
  return { status: 200, headers: { ...headers, "content-type": streamPageType }, body: text };
}

function workingTag({ stream, epoch, page, from, head }: StreamPage): string {
  return `"${stream}/${epoch}/${page}/${from}-${head}"`;
}

function numberOf(text: string | null | undefined): number {
  return /^[1-9]\d{0,12}$/.test(text ?? "") ? Number(text) : 0;
}
