import { type Database, isDatabaseTrouble } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random, TributaryError } from "@tributary/kernel";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { type PackedUnit, packUnits } from "./pack-units.ts";
import { parseVerdicts } from "./parse-verdicts.ts";
import { writePushBatch } from "./push-batch.ts";
import { fixUnits, queueOwnChanges, readQueuedUnits, reviveEditedUnits } from "./push-queue.ts";
import type { UnitVerdict } from "./push-unit.ts";
import type { RequestSize } from "./request-size.ts";
import { type PushTally, settleUnit } from "./settle-unit.ts";

export interface PushOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly connection: ParentConnection;
  /** How much a request carries; kept from round to round. */
  readonly size: RequestSize;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Sends all that was changed here and that the parent has no verdict on, oldest first, until the queue is empty.
 *
 * 1. Own changes behind the push marker become units in the queue.
 * 2. The front of the queue is packed into a request; what a unit contains is fixed before it is first sent.
 * 3. The verdicts are drawn the consequences of, and their units leave the queue, in one transaction.
 *
 * A request that fails as a whole makes the next one smaller: at once when it was found too large, in the next round
 * otherwise. A unit that is too large by itself is kept as refused.
 *
 * It can be broken off anywhere: a unit without a verdict is sent again under its name and takes effect once. Throws what
 * the line throws; the tally tells what was settled until then.
 */
export async function pushToParent(options: PushOptions, tally: PushTally, signal: AbortSignal): Promise<void> {
  const { database, store, nodeId, parent, clock, random, size } = options;
  await queueOwnChanges(database, parent, nodeId, () => newUuid(clock, random).slice(-12));
  for (;;) {
    signal.throwIfAborted();
    const queued = await readQueuedUnits(database, parent, size.units);
    const packed = await database.snapshot((reader) => packUnits(reader, store, parent, queued, size.bytes));
    if (packed.length === 0) return;
    const units = packed.map((one) => one.queued);
    if (!(await database.transaction((tx) => fixUnits(tx, parent, units)))) continue;
    try {
      await settle(packed, await askVerdicts(packed, options, signal), options, tally);
    } catch (error) {
      if (isDatabaseTrouble(error) || !(error instanceof TributaryError) || signal.aborted) throw error;
      const canBeSmaller = error.retryable && size.failed(packed.length);
      if (error.code !== "PAYLOAD_TOO_LARGE") throw error;
      if (!canBeSmaller) await settle(packed, tooLarge(packed), options, tally);
    }
  }
}

async function askVerdicts(
  packed: readonly PackedUnit[],
  { connection, clock, size }: PushOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, UnitVerdict>> {
  const startedAt = clock.now();
  const body = writePushBatch(packed.map(({ unit }) => unit));
  const answer = await connection.ask("push", { body }, "application/json", signal);
  const verdicts = parseVerdicts(new TextDecoder().decode(answer.body));
  if (!packed.some(({ unit }) => verdicts.has(unit.operationId))) {
    throw new TributaryError("REMOTE_NONSENSE", "The parent gave no verdict on what it was sent.", { retryable: true });
  }
  size.answered(Math.abs(clock.now() - startedAt));
  return verdicts;
}

async function settle(
  packed: readonly PackedUnit[],
  verdicts: ReadonlyMap<string, UnitVerdict>,
  options: PushOptions,
  tally: PushTally,
): Promise<void> {
  const { database, nodeId, parent } = options;
  const settled = await database.transaction(async (tx) => {
    const sum: PushTally = { pushed: 0, merged: 0, conflicts: 0, rejected: 0 };
    for (const one of packed) {
      const verdict = verdicts.get(one.unit.operationId);
      if (verdict) add(sum, await settleUnit(tx, one, verdict, options));
    }
    if (sum.rejected > 0) await reviveEditedUnits(tx, parent, nodeId);
    return sum;
  });
  add(tally, settled);
}

/** The verdict on a unit that no request can carry; nothing of it has reached the parent's records. */
function tooLarge(packed: readonly PackedUnit[]): ReadonlyMap<string, UnitVerdict> {
  return new Map(
    packed.map(({ unit }) => [unit.operationId, { kind: "rejected", reason: "It is too large for one request." }]),
  );
}

function add(tally: PushTally, more: PushTally): void {
  tally.pushed += more.pushed;
  tally.merged += more.merged;
  tally.conflicts += more.conflicts;
  tally.rejected += more.rejected;
}
