import { type AuditDraft, appendAudit } from "@tributary/audit";
import type { GoneVersion, PackedUnit } from "./pack-units.ts";
import type { PushOptions } from "./push-options.ts";
import { lockUnits } from "./queue/fix-units.ts";
import type { QueuedUnit } from "./queue/queued-unit.ts";
import { keepChanges } from "./queue/strike-records.ts";

/**
 * Takes out of packed units the versions that are not here any more, with a trace of each in the audit trail; a unit of
 * which nothing is left leaves the queue. Returns the units that lacked nothing: the others are to be packed anew.
 */
export async function strikeGone(
  packed: readonly PackedUnit[],
  options: Pick<PushOptions, "database" | "parent" | "nodeId" | "clock">,
): Promise<readonly PackedUnit[]> {
  const lacking = packed.filter(({ gone }) => gone.length > 0);
  if (lacking.length === 0) return packed;
  const { database, parent, nodeId, clock } = options;
  await database.transaction(async (tx) => {
    const there = await lockUnits(
      tx,
      parent,
      lacking.map(({ queued }) => queued),
    );
    for (const { queued, gone } of lacking) {
      if (!there.has(queued.operationId)) continue;
      const left = queued.changes.filter((change) => !gone.some((version) => isSame(change, version)));
      await keepChanges(tx, parent, queued.counter, left);
      await appendAudit(tx, nodeId, auditOf(queued, gone, parent, clock.now()));
    }
  });
  return packed.filter(({ gone }) => gone.length === 0);
}

function isSame(one: GoneVersion, other: GoneVersion): boolean {
  return one.type === other.type && one.id === other.id && one.version === other.version;
}

function auditOf({ operationId }: QueuedUnit, gone: readonly GoneVersion[], parent: string, at: number): AuditDraft[] {
  return gone.map(({ type, id, version }) => ({
    at,
    actor: parent,
    link: parent,
    operationId,
    operation: "failed-attempt",
    reference: `${type}/${id}`,
    versionBefore: version,
    versionAfter: null,
    outcome: "dropped",
    error: "no-version",
  }));
}
