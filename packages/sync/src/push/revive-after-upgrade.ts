import type { Reader, Transaction } from "@tributary/database";
import { readLinkBases } from "../pull/link-base.ts";
import type { PushOptions } from "./push-options.ts";
import type { RefusalClass } from "./push-unit.ts";
import type { OwnChange } from "./queue/gather-units.ts";
import { lockPushMarker } from "./queue/push-marker.ts";
import { requeueRefusedUnit } from "./queue/queue-by-hand.ts";
import type { FailedUnit } from "./queue/queued-unit.ts";
import { readFailedUnits } from "./queue/read-units.ts";
import { dropQueuedUnit } from "./queue/unit-state.ts";
import { judgesOf } from "./settle-verdicts.ts";

/** What another version of a program may see differently. */
const classesOfPrograms: ReadonlySet<string> = new Set<RefusalClass>(["invalid", "unknown-type"]);

/** Puts refused units back into the queue when either program is another than the one by which they were refused. */
export async function reviveAfterUpgrade(options: PushOptions): Promise<void> {
  const { database, parent, nodeId } = options;
  const judges = judgesOf(options);
  if (judges === undefined) return;
  if ((await refusedByOthers(database, parent, judges)).length === 0) return;
  await database.transaction(async (tx) => {
    // Read again where nobody else settles them: another program may have discarded one meanwhile.
    await lockPushMarker(tx, parent);
    for (const unit of await refusedByOthers(tx, parent, judges)) await sendRefusedAgain(tx, parent, nodeId, unit);
  });
}

async function refusedByOthers(reader: Reader, parent: string, judges: string): Promise<FailedUnit[]> {
  const units = await readFailedUnits(reader, parent, 0, Number.MAX_SAFE_INTEGER);
  return units.filter(
    (unit) => unit.state === "refused" && classesOfPrograms.has(unit.class) && unit.judgedBy !== judges,
  );
}

/** Puts a refused unit back into the queue, without what a later version has overtaken that both ends have agreed on. */
export async function sendRefusedAgain(tx: Transaction, parent: string, node: string, unit: FailedUnit): Promise<void> {
  const changes = await notSuperseded(tx, parent, unit);
  if (changes.length > 0) await requeueRefusedUnit(tx, parent, node, unit, changes);
  else await dropQueuedUnit(tx, parent, unit.counter);
}

async function notSuperseded(reader: Reader, parent: string, { changes }: FailedUnit): Promise<OwnChange[]> {
  const bases = await readLinkBases(reader, parent, changes);
  return changes.filter(({ type, id, version }) => version > (bases.get(`${type}/${id}`)?.localVersion ?? 0));
}
