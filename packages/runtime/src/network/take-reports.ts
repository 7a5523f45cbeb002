import type { Database, Transaction } from "@tributary/database";
import type { Clock, HttpRequest, Logger } from "@tributary/kernel";
import type { SyncRoute } from "@tributary/sync";
import { noteVerifying, putChildReport } from "./child-reports.ts";
import { claimedChild } from "./claimed-child.ts";
import { readReport } from "./report-header.ts";

/** What a child tells more often is not written down. */
const noteEveryMs = 1_000;
/** A long comparison is noted again at most so often. */
const noteVerifyingEveryMs = 15_000;
/** Children that are remembered between two requests; with more all is forgotten, and noted once more than need be. */
const childrenMax = 10_000;

export interface TakeReportsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The same routes, behind which is kept what children tell of themselves in a header, and whether they compare their records.
 * Only what came with a request that was served is believed. What cannot be kept is logged, and the child has its answer.
 */
export function takingReports(routes: readonly SyncRoute[], options: TakeReportsOptions): SyncRoute[] {
  const { database, clock, logger } = options;
  const noted = new Map<string, number>();
  const verifying = new Map<string, number>();

  async function keep(work: (tx: Transaction) => Promise<void>): Promise<void> {
    await database
      .transaction(work)
      .catch((err: unknown) => logger.warn({ err: err as Error }, "What a child told of itself was not kept."));
  }

  async function noteReport(child: string, { headers }: HttpRequest, now: number): Promise<void> {
    const report = readReport(headers);
    if (!report || !isDue(noted, child, now, noteEveryMs)) return;
    await keep((tx) => putChildReport(tx, child, report, now));
  }

  return routes.map((route) => ({
    ...route,
    handler: async (request) => {
      const answer = await route.handler(request);
      const child = answer.status < 400 ? claimedChild(request) : undefined;
      if (child === undefined) return answer;
      const now = clock.now();
      if (route.path.startsWith("/verify/")) {
        if (isDue(verifying, child, now, noteVerifyingEveryMs)) await keep((tx) => noteVerifying(tx, child, now));
      } else if (route.path.startsWith("/streams/")) {
        if (verifying.delete(child)) await keep((tx) => noteVerifying(tx, child, undefined));
        await noteReport(child, request, now);
      }
      return answer;
    },
  }));
}

function isDue(noted: Map<string, number>, child: string, now: number, everyMs: number): boolean {
  const last = noted.get(child);
  if (last !== undefined && Math.abs(now - last) < everyMs) return false;
  if (noted.size >= childrenMax) noted.clear();
  noted.set(child, now);
  return true;
}
