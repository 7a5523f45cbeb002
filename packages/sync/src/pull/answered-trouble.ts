import { type ErrorCode, TributaryError } from "@tributary/kernel";

/** Another node answered, and the answer was a failure of its own: it is there, but it cannot do this, or not now. */
export class AnsweredTrouble extends TributaryError {
  override readonly name = "AnsweredTrouble";
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(code: ErrorCode, message: string, answer: { readonly status: number; readonly retryAfterMs?: number }) {
    super(code, message, { retryable: true, ...(answer.retryAfterMs ? { retryAfterMs: answer.retryAfterMs } : {}) });
    this.status = answer.status;
  }

  /** Whether the request itself may be the cause, so that part of it, or the same without it, may succeed. */
  get mayLieInTheRequest(): boolean {
    return this.status >= 500 && this.status !== 503;
  }
}

/** Another node answered that a request is none of the protocol (400). Sent again as it is, it never will be. */
export class MalformedRequest extends TributaryError {
  override readonly name = "MalformedRequest";

  constructor(message: string) {
    super("REMOTE_REFUSED", message, { retryable: false });
  }
}
