import { type AuditDraft, appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import {
  type JsonObject,
  parseLossless,
  type ResourceStore,
  type StoredVersion,
  stringifyLossless,
  validateResource,
} from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { openConflict } from "../conflict/conflicts.ts";
import { mergeResources, type RecordSide } from "../conflict/merge/merge-resources.ts";
import type { PolicyRule } from "../conflict/merge/policy/merge-policy.ts";
import { versionAfter } from "../conflict/version-after.ts";
import type { PushedRecord, PushUnit, RecordVerdict, UnitVerdict } from "./push-unit.ts";
import { nodesNotSpokenFor, type RecordOrigin } from "./record-origin.ts";

export interface JudgeOptions {
  readonly store: ResourceStore;
  /** This node, the parent. */
  readonly nodeId: NodeId;
  /** The site's merge rules, asked before the default ones. */
  readonly policies?: readonly PolicyRule[];
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Takes one unit of a child in, within the transaction that keeps its verdict: each record is taken as it is when the
 * parent's has not changed since, and merged when it has. A unit with an invalid record is refused as a whole.
 */
export async function judgeUnit(
  tx: Transaction,
  unit: PushUnit,
  child: string,
  options: JudgeOptions,
): Promise<UnitVerdict> {
  const refusal = reasonToRefuse(unit);
  if (refusal !== undefined) return { kind: "rejected", reason: refusal };
  const { store, nodeId, clock } = options;
  const current = await store.readForChange(
    tx,
    unit.records.map(({ type, id }) => ({ type, id })),
  );
  const circumstances = { unit, child, options };
  const taken = await takeUnchanged(tx, unit.records, current, circumstances);
  const records: RecordVerdict[] = [];
  const audit: AuditDraft[] = [];
  for (const record of unit.records) {
    const name = `${record.type}/${record.id}`;
    const before = current.get(name);
    const verdict = taken.get(name) ?? (await merge(tx, record, before!, circumstances));
    records.push(verdict);
    if (verdict.outcome === "unchanged") continue;
    audit.push({
      at: clock.now(),
      actor: child,
      operation: verdict.outcome === "merged" ? "merge" : "push",
      reference: name,
      versionBefore: before?.version ?? null,
      versionAfter: verdict.version,
      link: child,
      operationId: unit.operationId,
      outcome: verdict.outcome,
      error: null,
    });
  }
  await appendAudit(tx, nodeId, audit);
  return { kind: "taken", records };
}

interface Circumstances {
  readonly unit: PushUnit;
  readonly child: string;
  readonly options: JudgeOptions;
}

/** Takes over, as the child made them, the records that need no merge; by `Type/id`, those that do are absent. */
async function takeUnchanged(
  tx: Transaction,
  records: readonly PushedRecord[],
  current: ReadonlyMap<string, StoredVersion>,
  { unit, child, options }: Circumstances,
): Promise<Map<string, RecordVerdict>> {
  const verdicts = new Map<string, RecordVerdict>();
  const toTake: PushedRecord[] = [];
  for (const record of records) {
    const { type, id, body, baseVersion } = record;
    const here = current.get(`${type}/${id}`);
    const named = { type, id, conflicts: 0 } as const;
    if (!here && body === null) {
      verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: baseVersion ?? 1, body: null });
    } else if (here && isSameContent(record, here)) {
      verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: here.version });
    } else if (!here || (here.version === baseVersion && record.baseBody === null)) {
      toTake.push(record);
    }
  }
  const isRelayed = toTake.some(({ origin }) => origin !== null);
  const notSpokenFor = isRelayed ? await nodesNotSpokenFor(tx, child, options.nodeId) : new Set<string>();
  const outcomes = await options.store.apply(
    tx,
    toTake.map(({ type, id, version, body, bodyHash, origin, author }) => {
      const own: RecordOrigin = { node: child, version, operation: unit.operationId };
      return {
        key: { type, id },
        body: body ?? undefined,
        bodyHash,
        origin: origin === null || notSpokenFor.has(origin.node) ? own : origin,
        author: author ?? child,
      };
    }),
  );
  for (const [at, { type, id }] of toTake.entries()) {
    const outcome = outcomes[at]!;
    const version = outcome.kind === "applied" ? outcome.version : (current.get(`${type}/${id}`)?.version ?? 1);
    verdicts.set(`${type}/${id}`, { type, id, conflicts: 0, outcome: outcome.kind, version });
  }
  return verdicts;
}

async function merge(
  tx: Transaction,
  record: PushedRecord,
  current: StoredVersion,
  { unit, child, options }: Circumstances,
): Promise<RecordVerdict> {
  const { store, policies, clock, random } = options;
  const { type, id } = record;
  const base = await baseOf(tx, record, store);
  const { merged, contested } = mergeResources({
    ...(base === undefined ? {} : { base }),
    mine: sideOf(current.body ?? null),
    theirs: sideOf(record.body),
    ...(policies ? { policies } : {}),
  });
  const version = await write(tx, { type, id }, merged, current, child, store);
  for (const element of contested) {
    await openConflict(tx, {
      conflictId: newUuid(clock, random),
      type,
      id,
      version,
      element,
      theirNode: child,
      operationId: unit.operationId,
      state: element.settledBy === undefined ? "open" : "settled",
      openedAt: clock.now(),
    });
  }
  const body = merged === "deleted" ? null : stringifyLossless(merged);
  const open = contested.filter(({ settledBy }) => settledBy === undefined).length;
  return { type, id, outcome: "merged", version, body, conflicts: open };
}

async function write(
  tx: Transaction,
  key: { readonly type: string; readonly id: string },
  merged: RecordSide,
  current: StoredVersion,
  author: string,
  store: ResourceStore,
): Promise<number> {
  const body = merged === "deleted" ? undefined : stringifyLossless(merged);
  const [outcome] = await store.write(tx, [
    body === undefined
      ? { kind: "delete", key, author }
      : { kind: "save", key, body, resource: JSON.parse(body) as JsonObject, author },
  ]);
  return versionAfter(outcome, current);
}

/** The body that the child's edit was made on; `undefined` when it is not known, and nothing may be guessed. */
async function baseOf(tx: Transaction, record: PushedRecord, store: ResourceStore): Promise<RecordSide | undefined> {
  if (record.baseBody !== null) return sideOf(record.baseBody);
  if (record.baseVersion === null) return undefined;
  const stored = await store.readVersion(tx, { type: record.type, id: record.id }, record.baseVersion);
  return stored && sideOf(stored.body ?? null);
}

function sideOf(body: string | null): RecordSide {
  return body === null ? "deleted" : (parseLossless(body) as JsonObject);
}

function isSameContent(record: PushedRecord, current: StoredVersion): boolean {
  return record.body === null ? current.operation === "delete" : record.bodyHash === current.bodyHash;
}

function reasonToRefuse({ records }: PushUnit): string | undefined {
  for (const { type, id, body } of records) {
    if (body === null) continue;
    let resource: unknown;
    try {
      resource = JSON.parse(body);
    } catch {
      return `${type}/${id} is no JSON.`;
    }
    if ((resource as { id?: unknown } | null)?.id !== id) return `${type}/${id} has another id in its body.`;
    const error = validateResource(resource, { expectedType: type }).find(
      ({ severity }) => severity === "error" || severity === "fatal",
    );
    if (error) return `${type}/${id} is not valid (${error.code} at ${error.expression?.[0] ?? type}).`;
  }
  return undefined;
}
