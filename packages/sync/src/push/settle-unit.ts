import { type AuditDraft, appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import { bodyHashOf, type ResourceStore } from "@tributary/fhir";
import type { Clock, NodeId } from "@tributary/kernel";
import { type LinkBase, putLinkBases } from "../pull/link-base.ts";
import type { PackedUnit } from "./pack-units.ts";
import { dropQueuedUnit, keepRejectedUnit } from "./push-queue.ts";
import type { PushedRecord, RecordVerdict, UnitVerdict } from "./push-unit.ts";

export interface SettleOptions {
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly clock: Clock;
}

/** What became of a unit's records. */
export interface PushTally {
  pushed: number;
  merged: number;
  conflicts: number;
  rejected: number;
}

/**
 * Draws the consequences of a verdict at the child, in one transaction with the unit's leaving the queue: the new bases,
 * and the parent's body where it merged. A record that has been edited on since keeps its edit, which is pushed next.
 */
export async function settleUnit(
  tx: Transaction,
  { queued, unit }: PackedUnit,
  verdict: UnitVerdict,
  options: SettleOptions,
): Promise<PushTally> {
  const { nodeId, parent, clock } = options;
  const tally: PushTally = { pushed: 0, merged: 0, conflicts: 0, rejected: 0 };
  const told = { at: clock.now(), actor: parent, link: parent, operationId: unit.operationId };
  if (verdict.kind === "rejected") {
    await keepRejectedUnit(tx, parent, queued.counter, verdict.reason, clock.now());
    await appendAudit(
      tx,
      nodeId,
      unit.records.map(({ type, id, version }) => ({
        ...told,
        operation: "failed-attempt",
        reference: `${type}/${id}`,
        versionBefore: version,
        versionAfter: null,
        outcome: "rejected",
        error: "invalid",
      })),
    );
    return { ...tally, rejected: unit.records.length };
  }
  const sent = new Map(unit.records.map((record) => [`${record.type}/${record.id}`, record]));
  const bases: LinkBase[] = [];
  const audit: AuditDraft[] = [];
  for (const one of verdict.records) {
    const record = sent.get(`${one.type}/${one.id}`);
    if (!record) continue;
    const base =
      one.outcome === "merged" ? await takeMerged(tx, record, one, unit.operationId, options) : sameBase(record, one);
    bases.push(base);
    tally.conflicts += one.conflicts;
    if (one.outcome === "merged") tally.merged += 1;
    else tally.pushed += 1;
    audit.push({
      ...told,
      operation: "push",
      reference: `${one.type}/${one.id}`,
      versionBefore: record.version,
      versionAfter: base.localVersion,
      outcome: one.outcome,
      error: null,
    });
  }
  await putLinkBases(tx, parent, bases);
  await appendAudit(tx, nodeId, audit);
  await dropQueuedUnit(tx, parent, queued.counter);
  return tally;
}

function sameBase(record: PushedRecord, verdict: RecordVerdict): LinkBase {
  return { type: record.type, id: record.id, localVersion: record.version, remoteVersion: verdict.version };
}

async function takeMerged(
  tx: Transaction,
  record: PushedRecord,
  verdict: RecordVerdict,
  operation: string,
  { store, parent }: SettleOptions,
): Promise<LinkBase> {
  const key = { type: record.type, id: record.id };
  const here = (await store.readForChange(tx, [key])).get(`${key.type}/${key.id}`);
  if (here && here.version > record.version) return { ...sameBase(record, verdict), differs: true };
  const body = verdict.body ?? null;
  const [outcome] = await store.apply(tx, [
    {
      key,
      body: body ?? undefined,
      bodyHash: body === null ? null : bodyHashOf(body),
      origin: { node: parent, version: verdict.version, operation },
    },
  ]);
  const localVersion = outcome?.kind === "applied" ? outcome.version : record.version;
  return { ...key, localVersion, remoteVersion: verdict.version };
}
