import { type Clock, TributaryError } from "@tributary/kernel";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { parseVerdicts, type VerdictAnswer } from "./parse-verdicts.ts";
import { type PushBatch, writePushBatch } from "./push-batch.ts";
import type { RequestSize } from "./request-size.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** The line of a push, with what is known of how much it bears. */
export interface PushLine {
  readonly connection: ParentConnection;
  /** How much a request carries; kept from round to round. */
  readonly size: RequestSize;
  /** Requests that may be made again in smaller parts; kept from round to round. */
  readonly budget: RetryBudget;
  readonly clock: Clock;
}

/** Sends one request of a push and reads its verdicts. Throws what the line throws, and when no unit has got a verdict. */
export async function askVerdicts(
  { units, ask, withdraw }: PushBatch,
  { connection, size, budget, clock }: PushLine,
  signal: AbortSignal,
): Promise<VerdictAnswer> {
  const startedAt = clock.now();
  const body = writePushBatch(units, { ask, withdraw });
  budget.earn();
  const answer = await connection.ask("push", { body }, "application/json", signal);
  const given = parseVerdicts(new TextDecoder().decode(answer.body));
  if (units.length > 0) {
    if (!units.some(({ operationId }) => given.verdicts.has(operationId))) {
      throw new TributaryError("REMOTE_NONSENSE", "The parent gave no verdict on what it was sent.", {
        retryable: true,
      });
    }
    size.answered(Math.abs(clock.now() - startedAt));
  }
  return given;
}
