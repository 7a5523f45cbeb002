import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import {
  type BackoffPlan,
  type Clock,
  type ErrorCode,
  isErrorCode,
  type Logger,
  type NodeId,
  type Random,
  TributaryError,
  WorkerLoop,
} from "@tributary/kernel";
import { openTokenSource } from "../enrolment/node-token.ts";
import { type ParentLink, putClockOffset, putPullOutcome, readParentLink } from "../enrolment/parent-link.ts";
import type { Exchange } from "../exchange.ts";
import { replicate } from "../replicate.ts";
import type { StreamEntry } from "../stream/stream-entry.ts";
import { countFailedPulls, readDueFailedPulls } from "./failed-pulls.ts";
import { LocalTarget, type PullTally } from "./local-target.ts";
import { ParentConnection, type Traffic } from "./parent-connection.ts";
import { ParentSource } from "./parent-source.ts";
import type { PullReport, PullStatus } from "./pull-report.ts";
import type { StreamMarker } from "./stream-marker.ts";

/** After failures in a row a child waits up to a quarter of an hour, so that a returning parent is not stormed. */
const pullBackoff: BackoffPlan = { firstMs: 1_000, maximumMs: 15 * 60_000 };

export interface PullerOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds between two pulls of an idle child. */
  readonly everyMs: number;
  /** Told after each durable portion. */
  readonly onProgress?: (progress: {
    readonly tally: Readonly<PullTally>;
    readonly marker: StreamMarker | undefined;
  }) => void;
  /** Told at the end of each pull. */
  readonly onReport?: (report: PullReport) => void;
}

/** The line to one parent, kept from pull to pull so that an idle poll costs one request without a body. */
interface OpenLine {
  readonly link: ParentLink;
  readonly connection: ParentConnection;
  readonly source: ParentSource;
}

/**
 * Brings a child to where its parent is. One pull runs at a time; each can be broken off anywhere and the next goes on
 * from the marker.
 */
export class Puller implements AsyncDisposable {
  readonly #options: PullerOptions;
  #line: OpenLine | undefined;
  #loop: WorkerLoop | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: PullerOptions) {
    this.#options = options;
  }

  /** Begins to pull at intervals, and whenever it is woken. */
  start(): void {
    const { clock, random, logger, everyMs } = this.#options;
    this.#loop ??= new WorkerLoop({
      name: "pull",
      pollMs: everyMs,
      backoff: pullBackoff,
      clock,
      random,
      logger,
      round: async (signal) => {
        const report = await this.pullOnce(signal);
        if (report.error && !signal.aborted) throw new TributaryError(report.error.code, report.error.message);
        return "idle";
      },
    });
  }

  /** Says that the parent may have something new. */
  wake(): void {
    this.#loop?.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loop?.[Symbol.asyncDispose]();
    await this.#running.catch(() => {});
  }

  /**
   * Pulls once, after any pull that is under way. What the world does wrong is told in the report; it throws only
   * `NOT_ENROLLED`, errors of this node's own database, and broken promises.
   */
  pullOnce(signal: AbortSignal): Promise<PullReport> {
    const next = this.#running.catch(() => {}).then(() => this.#pull(signal));
    this.#running = next;
    return next;
  }

  async #pull(signal: AbortSignal): Promise<PullReport> {
    const { database, clock, logger, onReport } = this.#options;
    const startedAt = clock.now();
    const { link, connection, source } = await this.#openLine();
    const trafficBefore = { ...connection.traffic };
    const target = this.#targetFor(link);
    const failure = await this.#run(source, target, signal);
    const [marker, waiting] = [await target.marker(), await countFailedPulls(database, link.parent)];
    const status = statusOf(failure, waiting);
    const report: PullReport = {
      status,
      parent: link.parent,
      ...target.tally,
      ...difference(connection.traffic, trafficBefore),
      marker,
      waiting,
      tookMs: Math.abs(clock.now() - startedAt),
      error: failure,
    };
    await database.transaction((tx) =>
      putPullOutcome(tx, link.parent, { at: clock.now(), status, error: failure?.code ?? null }),
    );
    const { applied, requests, bytesDown, tookMs } = report;
    const told = { parent: link.parent, status, applied, waiting, requests, bytesDown, tookMs, code: failure?.code };
    if (status === "complete" && applied === 0) logger.debug(told, "Pulled; there was nothing new.");
    else if (failure) logger.warn(told, "The pull was broken off.");
    else logger.info(told, "Pulled.");
    onReport?.(report);
    return report;
  }

  async #run(source: ParentSource, target: LocalTarget, signal: AbortSignal): Promise<PullReport["error"]> {
    try {
      await this.#retryFailed(source, target, signal);
      await replicate(source, target, signal);
    } catch (error) {
      if (!isErrorCode(error, "EPOCH_CHANGED")) return failureOf(error, signal);
      this.#options.logger.warn(
        { code: error.code },
        "The parent's stream has another history; reading it from its beginning.",
      );
      try {
        await target.forgetHistory();
        await replicate(source, target, signal);
      } catch (again) {
        return failureOf(again, signal);
      }
    }
    return undefined;
  }

  async #retryFailed(source: ParentSource, target: LocalTarget, signal: AbortSignal): Promise<void> {
    const { database, clock } = this.#options;
    const marker = await target.marker();
    const link = await readParentLink(database);
    if (!link || !marker) return;
    const due = await readDueFailedPulls(database, link.parent, clock.now());
    const entries = due.map(
      ({ type, id, remoteVersion }): StreamEntry => ({
        position: 0,
        type,
        id,
        version: remoteVersion,
        isDeleted: false,
        bodyDigest: "",
        originNode: null,
        originOperation: null,
        orderKey: null,
        transaction: null,
      }),
    );
    for await (const fetched of source.fetch(entries, signal)) {
      await target.apply({ ...fetched, settled: [], through: undefined });
    }
  }

  async #openLine(): Promise<OpenLine> {
    const { database, exchange, clock, nodeId } = this.#options;
    const link = await readParentLink(database);
    if (!link) {
      throw new TributaryError(
        "NOT_ENROLLED",
        "This node has no parent yet; run `tributary enrol --parent URL --code CODE`.",
      );
    }
    if (this.#line?.link.parent === link.parent && this.#line.link.enrolledAt === link.enrolledAt) return this.#line;
    const tokens = openTokenSource({
      node: nodeId,
      parent: link.parent,
      privateKey: link.privateKey,
      clockOffsetMs: link.clockOffsetMs,
      clock,
    });
    const connection = new ParentConnection({
      url: new URL(link.url),
      tokens,
      exchange,
      clock,
      clockOffsetMs: link.clockOffsetMs,
      onClockOffset: (offsetMs) => database.transaction((tx) => putClockOffset(tx, link.parent, offsetMs)),
    });
    this.#line = { link, connection, source: new ParentSource(connection, link.stream, clock) };
    return this.#line;
  }

  #targetFor(link: ParentLink): LocalTarget {
    const { database, store, nodeId, clock, random, onProgress } = this.#options;
    return new LocalTarget({
      database,
      store,
      nodeId,
      parent: link.parent,
      stream: link.stream,
      clock,
      random,
      ...(onProgress ? { onApplied: (tally, marker) => onProgress({ tally, marker }) } : {}),
    });
  }
}

function failureOf(error: unknown, signal: AbortSignal): { readonly code: ErrorCode; readonly message: string } {
  if (signal.aborted)
    return { code: "REMOTE_UNAVAILABLE", message: "The pull was stopped; the next one goes on from the marker." };
  if (error instanceof TributaryError && !error.code.startsWith("DATABASE_")) {
    return { code: error.code, message: error.message };
  }
  throw error;
}

function statusOf(failure: PullReport["error"], waiting: number): PullStatus {
  if (failure) return failure.code === "REMOTE_REFUSED" || failure.code === "UNAUTHORIZED" ? "refused" : "interrupted";
  return waiting > 0 ? "partial" : "complete";
}

function difference(now: Traffic, before: Traffic): Traffic {
  return {
    requests: now.requests - before.requests,
    bytesUp: now.bytesUp - before.bytesUp,
    bytesDown: now.bytesDown - before.bytesDown,
  };
}
