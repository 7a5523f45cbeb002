import type { Database } from "@tributary/database";
import { type Clock, type ErrorCode, type NodeId, TributaryError } from "@tributary/kernel";
import { SnapshotSource } from "./bootstrap/snapshot-source.ts";
import { writeInstanceHeader } from "./enrolment/instance-header.ts";
import { openTokenSource } from "./enrolment/node-token.ts";
import { type ParentLink, putClockOffset, readParentLink } from "./enrolment/parent-link.ts";
import type { Exchange } from "./line/exchange.ts";
import { ParentConnection, type Traffic } from "./pull/parent-connection.ts";
import { ParentSource } from "./pull/parent-source.ts";
import { RequestSize } from "./push/request-size.ts";
import { RetryBudget } from "./push/retry-budget.ts";
import { readSettled } from "./restore/last-settled.ts";
import { readIncarnation } from "./restore/take-new-incarnation.ts";
import { hearingReach } from "./tiers/hear-reach.ts";

/** The line to the parent that a child is enrolled with; what it has learned of the line stays from round to round. */
export interface ParentLine {
  readonly link: ParentLink;
  readonly connection: ParentConnection;
  readonly source: ParentSource;
  readonly pushSize: RequestSize;
  readonly pushBudget: RetryBudget;
  readonly snapshots: SnapshotSource;
}

export interface ParentLineOptions {
  readonly database: Database;
  readonly nodeId: NodeId;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Names this installation: the machine and the very file of the database. */
  readonly instance?: string;
}

/** Opens the line by what enrolment left; `known` is used on as long as it is still the right one. Throws `NOT_ENROLLED`. */
export async function openParentLine(options: ParentLineOptions, known?: ParentLine): Promise<ParentLine> {
  const { database, exchange, clock, nodeId } = options;
  const link = await readParentLink(database);
  if (!link) {
    throw new TributaryError(
      "NOT_ENROLLED",
      "This node has no parent yet; run `tributary enrol --parent URL --code CODE`.",
    );
  }
  if (known?.link.parent === link.parent && known.link.enrolledAt === link.enrolledAt) {
    if (known.link.stream === link.stream) return known;
    return { ...known, link, source: new ParentSource(known.connection, link.stream, clock) };
  }
  const { parent, privateKey, clockOffsetMs } = link;
  const connection = new ParentConnection({
    url: new URL(link.url),
    tokens: openTokenSource({ node: nodeId, parent, privateKey, clockOffsetMs, clock }),
    exchange: hearingReach(exchange, database, nodeId),
    clock,
    clockOffsetMs,
    ...(options.instance === undefined ? {} : { instance: () => toldInstance(database, parent, options.instance!) }),
    settled: () => readSettled(database, parent, nodeId),
    onClockOffset: (offsetMs) => database.transaction((tx) => putClockOffset(tx, parent, offsetMs)),
  });
  return {
    link,
    connection,
    source: new ParentSource(connection, link.stream, clock),
    pushSize: new RequestSize(),
    pushBudget: new RetryBudget(),
    snapshots: new SnapshotSource(connection, clock),
  };
}

async function toldInstance(database: Database, parent: string, instance: string): Promise<string> {
  return writeInstanceHeader({ instance, ...(await readIncarnation(database, parent)) });
}

/** Why a round was broken off. */
export interface LineFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** How long the parent asks to be left alone, in milliseconds, when it does. */
  readonly retryAfterMs?: number;
}

/** Tells what broke a round off; what is not the world's or the line's fault is thrown on. */
export function lineFailureOf(error: unknown, signal: AbortSignal): LineFailure {
  if (signal.aborted) {
    return { code: "REMOTE_UNAVAILABLE", message: "It was stopped; the next round goes on from here." };
  }
  if (error instanceof TributaryError && !error.code.startsWith("DATABASE_")) {
    const { code, message, retryAfterMs } = error;
    return { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  throw error;
}

const refusals: ReadonlySet<ErrorCode> = new Set(["REMOTE_REFUSED", "UNAUTHORIZED", "CHILD_CLONED", "UPGRADE_NEEDED"]);

/** Whether only somebody can help, at the parent or here. */
export function isRefusal({ code }: LineFailure): boolean {
  return refusals.has(code);
}

/** What a round cost, from the counters before and after it. */
export function trafficSince(before: Traffic, now: Traffic): Traffic {
  return {
    requests: now.requests - before.requests,
    bytesUp: now.bytesUp - before.bytesUp,
    bytesDown: now.bytesDown - before.bytesDown,
  };
}
