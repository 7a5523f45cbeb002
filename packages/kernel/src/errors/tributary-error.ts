import type { ErrorCode } from "./catalogue.ts";
import type { ToldSentence } from "./told-sentence.ts";

/**
 * The world failed: a network, a disk, a malformed peer, a wrong setting. Its message is a full sentence that names the
 * thing and the next step; it carries identifiers and codes, never personal data.
 *
 * It is caught at one of three places only: the HTTP edge, the worker loop, the command line.
 */
export class TributaryError extends Error {
  override readonly name: string = "TributaryError";
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** How long the far side asks to be left alone, in milliseconds, when it does. */
  readonly retryAfterMs: number | undefined;
  /** The message by its key, where it has one, for those who tell it in another language. */
  readonly told: ToldSentence | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly retryable?: boolean;
      readonly retryAfterMs?: number;
      readonly told?: ToldSentence;
    } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.told = options.told;
  }
}

/** Tells whether something thrown is a `TributaryError` with this code. */
export function isErrorCode(thrown: unknown, code: ErrorCode): thrown is TributaryError {
  return thrown instanceof TributaryError && thrown.code === code;
}
