import { type Database, isDatabaseTrouble } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random, TributaryError } from "@tributary/kernel";
import { batchBytesFirst, nextBatchBytes } from "../pull/batch-size.ts";
import type { ParentConnection } from "../pull/parent-connection.ts";
import { packUnits } from "./pack-units.ts";
import { parseVerdicts } from "./parse-verdicts.ts";
import { pushUnitsMax, writePushBatch } from "./push-batch.ts";
import { fixUnits, queueOwnChanges, readQueuedUnits } from "./push-queue.ts";
import { type PushTally, settleUnit } from "./settle-unit.ts";

export interface PushOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly connection: ParentConnection;
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
 * It can be broken off anywhere: a unit without a verdict is sent again under its name and takes effect once. Throws what
 * the line throws; the tally tells what was settled until then.
 */
export async function pushToParent(options: PushOptions, tally: PushTally, signal: AbortSignal): Promise<void> {
  const { database, store, nodeId, parent, connection, clock, random } = options;
  await queueOwnChanges(database, parent, nodeId, () => newUuid(clock, random).slice(-12));
  let batchBytes = batchBytesFirst;
  for (;;) {
    signal.throwIfAborted();
    const queued = await readQueuedUnits(database, parent, pushUnitsMax);
    const packed = await database.snapshot((reader) => packUnits(reader, store, parent, queued, batchBytes));
    const last = packed.at(-1);
    if (!last) return;
    await database.transaction((tx) => fixUnits(tx, parent, last.queued.counter));
    const startedAt = clock.now();
    try {
      const body = writePushBatch(packed.map(({ unit }) => unit));
      const answer = await connection.ask("push", { body }, "application/json", signal);
      const verdicts = parseVerdicts(new TextDecoder().decode(answer.body));
      batchBytes = nextBatchBytes(batchBytes, { tookMs: Math.abs(clock.now() - startedAt) });
      const settled = packed.filter(({ unit }) => verdicts.has(unit.operationId));
      if (settled.length === 0) {
        throw new TributaryError("REMOTE_NONSENSE", "The parent gave no verdict on what it was sent.", {
          retryable: true,
        });
      }
      await database.transaction(async (tx) => {
        for (const one of settled) {
          add(tally, await settleUnit(tx, one, verdicts.get(one.unit.operationId)!, { store, nodeId, parent, clock }));
        }
      });
    } catch (error) {
      if (isDatabaseTrouble(error) || packed.length === 1) throw error;
      const halved = nextBatchBytes(batchBytes, "failed");
      if (!(error instanceof TributaryError) || error.code !== "PAYLOAD_TOO_LARGE" || halved === batchBytes)
        throw error;
      batchBytes = halved;
    }
  }
}

function add(tally: PushTally, more: PushTally): void {
  tally.pushed += more.pushed;
  tally.merged += more.merged;
  tally.conflicts += more.conflicts;
  tally.rejected += more.rejected;
}
