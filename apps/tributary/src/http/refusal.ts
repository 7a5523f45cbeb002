import { type RefusalWord, refusalSentences } from "@tributary/admin-api";
import { type ErrorCode, type HttpResponse, type ToldSentence, TributaryError, tellSentence } from "@tributary/kernel";
import type { ErrorStyle } from "./route.ts";

/** Why a request is not served, before it is written in the style of its route. */
export interface Refusal {
  readonly status: number;
  /** An error code of the catalogue, or a word for what the protocol itself refuses. */
  readonly code: ErrorCode | RefusalWord;
  readonly sentence: string;
  /** The sentence by its key, where it has one; only JSON carries it. */
  readonly told?: ToldSentence;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds after which a client may ask again when the database is away. */
const retryAfterSeconds = "5";

const statusOfCode: Partial<Record<ErrorCode, number>> = {
  UNAUTHORIZED: 401,
  ENROLMENT_REFUSED: 403,
  CONFIG_INVALID: 400,
  CARRIED_FILE_REFUSED: 422,
  CATCHMENT_REFUSED: 422,
  FEED_ENTRY_MISSING: 404,
  FEED_MARKER_MOVED: 409,
  FEED_UNREADABLE: 502,
  CONFLICT_UNKNOWN: 404,
  NOT_ENROLLED: 409,
  REMOTE_NONSENSE: 502,
  REMOTE_REFUSED: 502,
  REMOTE_UNAVAILABLE: 502,
  RESOLUTION_REFUSED: 422,
  SETTINGS_MOVED: 409,
  SYNC_PAUSED: 409,
  PAYLOAD_TOO_LARGE: 413,
  CONTENT_NOT_CARRIABLE: 422,
  DATABASE_BUSY: 503,
  DATABASE_UNAVAILABLE: 503,
  DATABASE_FULL: 507,
};

/** FHIR's word for each status. See https://hl7.org/fhir/R4/valueset-issue-type.html */
const issueTypes: Readonly<Record<number, string>> = {
  400: "structure",
  401: "login",
  403: "forbidden",
  404: "not-found",
  405: "not-supported",
  406: "not-supported",
  413: "too-long",
  415: "not-supported",
  422: "invalid",
  429: "throttled",
  503: "transient",
  507: "no-store",
};

/** What a thrown error tells the client; what is our own defect tells nothing but the request's id. */
export function refusalOf(error: unknown, requestId: string): Refusal {
  if (error instanceof TributaryError) {
    const status = statusOfCode[error.code] ?? 500;
    const headers = status === 503 ? { "retry-after": retryAfterSeconds } : {};
    const told = error.told === undefined ? {} : { told: error.told };
    return { status, code: error.code, sentence: error.message, headers, ...told };
  }
  const told = { key: "own-defect", values: { request: requestId } };
  return { status: 500, code: "exception", sentence: tellSentence(refusalSentences, told), told };
}

/** Writes a refusal so that the clients of a route can read it: an OperationOutcome, JSON, or a line of text. */
export function writeRefusal({ status, code, sentence, told, headers = {} }: Refusal, style: ErrorStyle): HttpResponse {
  const unkept = { "cache-control": "no-store", ...headers };
  switch (style) {
    case "fhir": {
      const issue = {
        severity: status >= 500 ? "fatal" : "error",
        code: issueTypes[status] ?? "exception",
        details: { text: code },
        diagnostics: sentence,
      };
      return {
        status,
        headers: { ...unkept, "content-type": "application/fhir+json; charset=utf-8" },
        body: JSON.stringify({ resourceType: "OperationOutcome", issue: [issue] }),
      };
    }
    case "json":
      return {
        status,
        headers: { ...unkept, "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify({ code, message: sentence, ...(told ? { told } : {}) }),
      };
    case "text":
      return { status, headers: { ...unkept, "content-type": "text/plain; charset=utf-8" }, body: `${sentence}\n` };
  }
}
