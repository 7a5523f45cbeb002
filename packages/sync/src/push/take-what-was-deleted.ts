import { type AuditDraft, auditDraft } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { bodyHashOf, type IncomingVersion, type StoredVersion } from "@tributary/fhir";
import type { JudgeOptions, Taking } from "./judge-options.ts";
import type { PushedRecord } from "./push-unit.ts";
import { readContent } from "./unit-content.ts";

interface Deleted {
  readonly takings: readonly Taking[];
  /** The versions that are here, by `Type/id`, with those that were deleted. */
  readonly current: ReadonlyMap<string, StoredVersion>;
  readonly audit: readonly AuditDraft[];
}

/**
 * Writes what children deleted, where this node has lost it and the deletion brings it along, so that the deletion stands
 * in the history and holds against others who still have the record. Returns the units with their deletions made on that.
 */
export async function takeWhatWasDeleted(
  tx: Transaction,
  takings: readonly Taking[],
  current: ReadonlyMap<string, StoredVersion>,
  { store, clock }: JudgeOptions,
): Promise<Deleted> {
  const isLost = (record: PushedRecord) => !current.has(`${record.type}/${record.id}`) && bringsValidBody(record);
  const lost = takings.flatMap((taking) =>
    taking.unit.records.filter(isLost).map((record) => ({ incoming: incomingOf(record, taking), taking })),
  );
  if (lost.length === 0) return { takings, current, audit: [] };
  const keys = lost.map(({ incoming }) => incoming.key);
  await store.apply(
    tx,
    lost.map(({ incoming }) => incoming),
  );
  const restored = await store.readForChange(tx, keys);
  const versionOf = ({ type, id }: { readonly type: string; readonly id: string }) =>
    restored.get(`${type}/${id}`)?.version ?? null;
  const madeOn = (record: PushedRecord) =>
    isLost(record) ? { ...record, baseVersion: versionOf(record), baseDigest: null, baseBody: null } : record;
  return {
    takings: takings.map((taking) => ({
      ...taking,
      unit: { ...taking.unit, records: taking.unit.records.map(madeOn) },
    })),
    current: new Map([...current, ...restored]),
    audit: lost.map(({ incoming: { key }, taking: { unit, child } }) =>
      auditDraft({
        at: clock.now(),
        actor: child,
        operation: "push",
        reference: `${key.type}/${key.id}`,
        versionAfter: versionOf(key),
        link: child,
        operationId: unit.operationId,
        outcome: "applied",
      }),
    ),
  };
}

function bringsValidBody(record: PushedRecord): boolean {
  const { body, baseBody } = record;
  if (body !== null || baseBody === null) return false;
  return !("reason" in readContent({ operationId: "", records: [{ ...record, body: baseBody }] }));
}

function incomingOf(
  { type, id, version, baseBody, author }: PushedRecord,
  { child, changeSet }: Taking,
): IncomingVersion {
  return {
    key: { type, id },
    body: baseBody!,
    bodyHash: bodyHashOf(baseBody!),
    origin: { node: child, version: version - 1, operation: null },
    author: author ?? child,
    changeSet,
  };
}
