import { appendAudit, auditDraft } from "@tributary/audit";
import type { Reader } from "@tributary/database";
import { referenceTo } from "@tributary/fhir";
import { readLinkBases } from "../pull/link-base.ts";
import type { PushOptions } from "./push-options.ts";
import type { GatheredUnit } from "./queue/gather-units.ts";
import { lockPushMarker } from "./queue/push-marker.ts";
import type { FailedUnit } from "./queue/queued-unit.ts";
import { readFailedUnits } from "./queue/read-units.ts";
import { keepChanges } from "./queue/strike-records.ts";

/** A refused unit, and which of its changes have been overtaken and which have not. */
interface OvertakenUnit {
  readonly unit: FailedUnit;
  readonly overtaken: GatheredUnit;
  readonly left: GatheredUnit;
}

/**
 * Takes out of refused units what both ends have settled since in a later version, as when somebody took over what the parent
 * has; a unit of which nothing is left leaves the list of failures. Each is entered in the trail.
 */
export async function forgetOvertaken({
  database,
  parent,
  nodeId,
  clock,
}: Pick<PushOptions, "database" | "parent" | "nodeId" | "clock">): Promise<void> {
  if ((await readOvertaken(database, parent)).length === 0) return;
  await database.transaction(async (tx) => {
    await lockPushMarker(tx, parent);
    for (const { unit, overtaken, left } of await readOvertaken(tx, parent)) {
      const { counter, operationId } = unit;
      await keepChanges(tx, parent, counter, left);
      const drafts = overtaken.map((change) =>
        auditDraft({
          at: clock.now(),
          actor: nodeId,
          operation: "failed-attempt",
          reference: referenceTo(change),
          versionBefore: change.version,
          link: parent,
          operationId,
          outcome: "dropped",
          error: "overtaken",
        }),
      );
      await appendAudit(tx, nodeId, drafts);
    }
  });
}

async function readOvertaken(reader: Reader, parent: string): Promise<OvertakenUnit[]> {
  const refused = (await readFailedUnits(reader, parent, 0, Number.MAX_SAFE_INTEGER)).filter(
    ({ state }) => state === "refused",
  );
  if (refused.length === 0) return [];
  const bases = await readLinkBases(
    reader,
    parent,
    refused.flatMap(({ changes }) => changes),
  );
  const isOvertaken = (change: GatheredUnit[number]) => {
    const base = bases.get(referenceTo(change));
    return base !== undefined && base.differs !== true && base.localVersion >= change.version;
  };
  return refused
    .map((unit) => ({
      unit,
      overtaken: unit.changes.filter(isOvertaken),
      left: unit.changes.filter((change) => !isOvertaken(change)),
    }))
    .filter(({ overtaken }) => overtaken.length > 0);
}
