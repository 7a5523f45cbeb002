import type { Clock } from "@tributary/kernel";
import type { Exchange } from "@tributary/sync";
import { type ChildReport, writeReport } from "./report-header.ts";

/** A long pull asks often, and what is told of it need not be newer than this. */
const readEveryMs = 1_000;
/** What has not changed is told again after so long, so that a parent that forgot it learns it. */
const tellAgainMs = 15 * 60_000;
/** A comparison that has asked nothing for so long has ended. */
const verifyingMs = 60_000;

export interface ReportTellerOptions {
  readonly clock: Clock;
  /** Reads how this node does; `undefined` when there is nothing to tell. */
  readonly read: () => Promise<ChildReport | undefined>;
}

/**
 * Tells the parent how this node does, in a header of requests for pages of a stream that are made anyhow: when it has
 * changed, and now and then again. Whatever goes wrong with it, the request goes as it is.
 */
export class ReportTeller {
  readonly #options: ReportTellerOptions;
  #readAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  /** What was told last, written as one text. */
  #told: string | undefined;
  #verifyingAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReportTellerOptions) {
    this.#options = options;
  }

  /** Whether this node compares its records with its parent's at this moment. */
  get isVerifying(): boolean {
    return this.#options.clock.now() - this.#verifyingAt < verifyingMs;
  }

  /** The same line, over which this node's report goes too. */
  over(exchange: Exchange): Exchange {
    return async (request, signal) => {
      const { pathname } = request.url;
      if (pathname.includes("/verify/")) this.#verifyingAt = this.#options.clock.now();
      if (!pathname.includes("/streams/")) return exchange(request, signal);
      this.#verifyingAt = Number.NEGATIVE_INFINITY;
      const report = await this.#next();
      const headers = { ...request.headers, ...report };
      const answer = await exchange(report === undefined ? request : { ...request, headers }, signal);
      if (report !== undefined && answer.status < 400) {
        this.#told = JSON.stringify(report);
        this.#toldAt = this.#options.clock.now();
      }
      return answer;
    };
  }

  /** What is to be told now; `undefined` when the parent knows it. */
  async #next(): Promise<Readonly<Record<string, string>> | undefined> {
    const now = this.#options.clock.now();
    if (Math.abs(now - this.#readAt) < readEveryMs) return undefined;
    this.#readAt = now;
    const report = await this.#options.read().catch(() => undefined);
    if (!report) return undefined;
    const headers = writeReport(report);
    const isTold = JSON.stringify(headers) === this.#told && Math.abs(now - this.#toldAt) < tellAgainMs;
    return isTold ? undefined : headers;
  }
}
