import type { Database } from "@tributary/database";
import { type Clock, TributaryError } from "@tributary/kernel";
import { type LineFailure, trafficSince } from "../parent-line.ts";
import type { Traffic } from "../pull/parent-connection.ts";
import { type RepairOptions, repairDifferences } from "./repair-differences.ts";
import { putVerification } from "./verifications.ts";
import { type Verification, type VerifyOptions, verifyWithParent } from "./verify-with-parent.ts";

/** What one comparison with the parent came to, and what it cost. */
export interface VerifyReport extends Verification, Readonly<Traffic> {
  readonly parent: string;
  /** Records that were fetched or queued to be sent because they differed. */
  readonly repaired: number;
  readonly tookMs: number;
}

export interface VerifyRoundOptions extends Omit<VerifyOptions, "sync">, RepairOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly isRepairing: boolean;
  /** One push and one pull; what broke them off, if anything did. */
  readonly sync: (signal: AbortSignal) => Promise<LineFailure | undefined>;
}

/** Compares, mends what differs when that is asked for, compares again, and keeps what came of it for the status. */
export async function verifyRound(options: VerifyRoundOptions, signal: AbortSignal): Promise<VerifyReport> {
  const { database, parent, connection, clock } = options;
  const startedAt = clock.now();
  const before = { ...connection.traffic };
  const sync = async (stop: AbortSignal) => {
    const failure = await options.sync(stop);
    if (failure) throw new TributaryError(failure.code, failure.message);
  };
  let verification = await verifyWithParent({ ...options, sync }, signal);
  let repaired = 0;
  if (options.isRepairing && verification.outcome === "different") {
    repaired = await repairDifferences(verification.differences, options, signal);
    await sync(signal);
    verification = await verifyWithParent({ ...options, sync }, signal);
  }
  await database.transaction((tx) => putVerification(tx, parent, verification, repaired, clock.now()));
  const traffic = trafficSince(before, connection.traffic);
  return { ...verification, parent, repaired, ...traffic, tookMs: Math.abs(clock.now() - startedAt) };
}
