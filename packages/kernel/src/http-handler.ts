/** A request as handlers see it: already received, bounded and decompressed; handlers know no server and no socket. */
export interface HttpRequest {
  readonly method: string;
  /** The absolute URL under which the client asked, behind proxies included; its query is not yet parsed. */
  readonly url: URL;
  /** Names in lower case; several values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The values that the route's pattern found in the path. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The body's bytes as text; empty when there is none. */
  readonly body: string;
  /** Aborts when the client goes away or the node shuts down. */
  readonly signal: AbortSignal;
}

/** What a handler answers; compression and connection handling are the server's. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A plain function from a parsed request to its answer, so that tests call it without a socket. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;
