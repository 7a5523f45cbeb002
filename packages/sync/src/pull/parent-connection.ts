import { type Clock, type ErrorCode, TributaryError } from "@tributary/kernel";
import { instanceHeader } from "../enrolment/instance-header.ts";
import type { TokenSource } from "../enrolment/node-token.ts";
import { digestHeader, digestOfBody } from "../line/body-digest.ts";
import type { Exchange, ExchangeRequest, ExchangeResponse } from "../line/exchange.ts";
import { settledHeader, timeHeader, versionHeader } from "../line/protocol.ts";
import { supportedVersions, versionsHeader, writeVersionsHeader } from "../versions/version-ranges.ts";
import { AnsweredTrouble, MalformedRequest } from "./answered-trouble.ts";
import { retryAfterMs } from "./retry-after.ts";

/** A difference of the clocks that is worth keeping; smaller ones come from the line. */
const offsetWorthKeepingMs = 5_000;

/** What one round cost on the line. */
export interface Traffic {
  requests: number;
  bytesUp: number;
  bytesDown: number;
}

/** What a child asks, but for its signature. */
export type ParentRequest = Partial<Pick<ExchangeRequest, "headers" | "body" | "onPart">>;

export interface ParentConnectionOptions {
  /** Where the parent's sync interface begins, ending in a slash. */
  readonly url: URL;
  readonly tokens: TokenSource;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly clockOffsetMs: number;
  /** What the child tells of its installation with every request; nothing when left out. */
  readonly instance?: () => Promise<string>;
  /** The last of the child's operations that the parent took, which it tells with every request; see `settledHeader`. */
  readonly settled?: () => Promise<string | undefined>;
  /** Told when the parent's clock turns out to differ by another amount. */
  readonly onClockOffset: (offsetMs: number) => Promise<void>;
}

/** The child's line to its parent: signs requests, follows the parent's clock, and turns refusals into errors. */
export class ParentConnection {
  readonly traffic: Traffic = { requests: 0, bytesUp: 0, bytesDown: 0 };
  #parentVersion: string | undefined;
  readonly #options: ParentConnectionOptions;
  #clockOffsetMs: number;

  constructor(options: ParentConnectionOptions) {
    this.#options = options;
    this.#clockOffsetMs = options.clockOffsetMs;
  }

  /**
   * Sends a request and returns an answer of one of the `accepted` statuses and types. Throws `REMOTE_UNAVAILABLE` when
   * the parent cannot answer now, `REMOTE_REFUSED` when it will not, `EPOCH_CHANGED` when its stream has another history,
   * and `REMOTE_NONSENSE` when what came is no answer of the protocol.
   */
  async ask(path: string, request: ParentRequest, contentType: string, signal: AbortSignal): Promise<ExchangeResponse> {
    let answer = await this.#send(path, request, signal);
    if (answer.status === 401 && codeOf(answer) === "CLOCK_APART") {
      await this.#followClock(answer, 0);
      answer = await this.#send(path, request, signal);
    } else {
      await this.#followClock(answer, offsetWorthKeepingMs);
    }
    if (answer.status === 204) return answer;
    if (answer.status === 200 || answer.status === 206) {
      if (!answer.headers["content-type"]?.startsWith(contentType)) {
        throw problem(
          "REMOTE_NONSENSE",
          `${this.#origin} answered with another kind of page; is a portal on the way?`,
          true,
        );
      }
      if (answer.headers[digestHeader] === digestOfBody(answer.body)) return answer;
      throw problem("REMOTE_NONSENSE", `The answer of ${this.#origin} was damaged on its way.`, true);
    }
    throw this.#refusalOf(answer);
  }

  /** The version of the parent's program, once it has answered; `undefined` when it does not tell. */
  get parentVersion(): string | undefined {
    return this.#parentVersion;
  }

  get #origin(): string {
    return this.#options.url.origin;
  }

  async #send(path: string, request: ParentRequest, signal: AbortSignal): Promise<ExchangeResponse> {
    const { url, tokens, exchange } = this.#options;
    const settled = await this.#options.settled?.();
    const sent: ExchangeRequest = {
      method: request.body === undefined ? "GET" : "POST",
      url: new URL(path, url),
      headers: {
        authorization: `Bearer ${await tokens.token()}`,
        [versionsHeader]: writeVersionsHeader(supportedVersions),
        ...(this.#options.instance ? { [instanceHeader]: await this.#options.instance() } : {}),
        ...(settled === undefined ? {} : { [settledHeader]: settled }),
        ...(request.body === undefined
          ? {}
          : { "content-type": "application/json", [digestHeader]: digestOfBody(request.body) }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.onPart ? { onPart: request.onPart } : {}),
    };
    const answer = await exchange(sent, signal);
    this.traffic.requests += 1;
    this.traffic.bytesUp += answer.sentBytes ?? Buffer.byteLength(request.body ?? "");
    this.traffic.bytesDown += answer.wireBytes;
    this.#parentVersion = readVersionHeader(answer) ?? this.#parentVersion;
    return answer;
  }

  async #followClock(answer: ExchangeResponse, worthMs: number): Promise<void> {
    const parentTime = Number(answer.headers[timeHeader]);
    if (answer.headers[timeHeader] === undefined || !Number.isFinite(parentTime)) return;
    const offsetMs = Math.round(parentTime - this.#options.clock.now());
    if (Math.abs(offsetMs - this.#clockOffsetMs) <= worthMs) return;
    this.#clockOffsetMs = offsetMs;
    this.#options.tokens.setClockOffset(offsetMs);
    await this.#options.onClockOffset(offsetMs);
  }

  #refusalOf(answer: ExchangeResponse): TributaryError {
    const { status } = answer;
    const code = codeOf(answer);
    if (code === "EPOCH_CHANGED") return problem("EPOCH_CHANGED", "The parent's stream has another history now.", true);
    if (code === "CHILD_RESTORED" || code === "OPERATION_REUSED" || code === "CHILD_CLONED") {
      return problem(code, messageOf(answer), code !== "CHILD_CLONED");
    }
    if (code === "DAMAGED") return problem("REMOTE_NONSENSE", messageOf(answer), true);
    if (code === "UPGRADE_NEEDED") {
      return problem(code, messageOf(answer), false);
    }
    if (status === 429 || status >= 500) {
      const pauseMs = retryAfterMs(answer.headers, this.#options.clock.now());
      return new AnsweredTrouble("REMOTE_UNAVAILABLE", `${this.#origin} cannot answer now (status ${status}).`, {
        status,
        ...(pauseMs === undefined ? {} : { retryAfterMs: pauseMs }),
      });
    }
    if (status === 413) return problem("PAYLOAD_TOO_LARGE", `${this.#origin} finds the request too large.`, true);
    if (code === undefined) {
      return problem(
        "REMOTE_NONSENSE",
        `${this.#origin} answered ${status}, but not as a Tributary parent does.`,
        true,
      );
    }
    const refusal = `The parent refused (${code}): ${messageOf(answer)}`;
    return status === 400 ? new MalformedRequest(refusal) : problem("REMOTE_REFUSED", refusal, false);
  }
}

function problem(code: ErrorCode, message: string, retryable: boolean): TributaryError {
  return new TributaryError(code, message, { retryable });
}

/** The version is kept and shown as it was told, so what is no version is not believed. */
function readVersionHeader({ headers }: ExchangeResponse): string | undefined {
  const version = headers[versionHeader];
  return version !== undefined && /^[\w.+-]{1,64}$/.test(version) ? version : undefined;
}

function codeOf(answer: ExchangeResponse): string | undefined {
  const code = bodyOf(answer)["code"];
  return typeof code === "string" ? code : undefined;
}

function messageOf(answer: ExchangeResponse): string {
  const message = bodyOf(answer)["message"];
  return typeof message === "string" ? message.slice(0, 300) : `status ${answer.status}`;
}

function bodyOf(answer: ExchangeResponse): Record<string, unknown> {
  if (!answer.headers["content-type"]?.startsWith("application/json")) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
