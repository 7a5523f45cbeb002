/** One request to another node. */
export interface ExchangeRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Told the parts of an unencoded answer as they come, so that what came before a cut is not lost. */
  readonly onPart?: (part: Uint8Array, status: number) => void;
}

/** Its whole answer, decompressed. */
export interface ExchangeResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** The body's bytes as they came over the line. */
  readonly wireBytes: number;
  /** The request's bytes as they went over the line; absent when they went as they were. */
  readonly sentBytes?: number;
}

/**
 * The line to another node: the only place where sync reaches the network. It answers with whatever status came, and
 * throws `REMOTE_UNAVAILABLE` when no whole answer came.
 */
export type Exchange = (request: ExchangeRequest, signal: AbortSignal) => Promise<ExchangeResponse>;
