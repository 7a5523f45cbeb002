import type { HttpRequest, HttpResponse } from "@tributary/kernel";

/** An answer that is too long to hold, or has no end: its parts are taken as fast as the client reads, and no faster. */
export interface StreamedResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends when it is done, or when the request's signal aborts. */
  readonly parts: AsyncIterable<string | Uint8Array>;
}

/** What stands behind a route: most answer at once, a few bit by bit. */
export type RouteHandler = (request: HttpRequest) => Promise<HttpResponse | StreamedResponse>;
