import type { Database } from "@tributary/database";
import { type Clock, TributaryError } from "@tributary/kernel";
import { batchBytesFirst, nextBatchBytes } from "../../pull/batch-size.ts";
import type { LocalTarget } from "../../pull/local-target.ts";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import { compartmentBatchType, compartmentsMax, parseCompartmentBatch } from "../serve/compartment-batch.ts";
import { forgetFetches, moveFetch, readFetches } from "./compartment-fetches.ts";

export interface FetchOptions {
  readonly database: Database;
  readonly parent: string;
  readonly connection: ParentConnection;
  readonly target: LocalTarget;
  readonly clock: Clock;
}

/**
 * Fetches the compartments of those who came into the catchment, as many at a time as suit the line. Each has a marker of
 * its own that moves with its records, so that it can be broken off anywhere; the stream has gone on before it.
 */
export async function fetchCompartments(options: FetchOptions, signal: AbortSignal): Promise<void> {
  const { database, parent, connection, target, clock } = options;
  for (let maxBytes = batchBytesFirst; ; ) {
    signal.throwIfAborted();
    const fetches = await readFetches(database, parent, compartmentsMax);
    if (fetches.length === 0) return;
    const startedAt = clock.now();
    const body = JSON.stringify({ maxBytes, patients: fetches.map(({ patient, place }) => [patient, place]) });
    const answer = await connection.ask("compartments/read", { body }, compartmentBatchType, signal);
    const { places, records } = parseCompartmentBatch(answer.body);
    const asked = new Set(fetches.map(({ patient }) => patient));
    if (places.length === 0 || !places.every(({ patient }) => asked.has(patient))) {
      throw new TributaryError("REMOTE_NONSENSE", "The parent answered none of the patients asked for.", {
        retryable: true,
      });
    }
    maxBytes = nextBatchBytes(maxBytes, { tookMs: Math.abs(clock.now() - startedAt) });
    await target.apply({ contents: records, missing: [], settled: [], through: undefined }, async (tx) => {
      const ended = places.filter(({ next }) => next === null).map(({ patient }) => patient);
      await forgetFetches(tx, parent, ended);
      for (const { patient, next } of places) if (next !== null) await moveFetch(tx, parent, patient, next);
    });
  }
}
