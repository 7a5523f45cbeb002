import { type AuditDraft, appendAudit } from "@tributary/audit";
import type { Transaction } from "@tributary/database";
import {
  isResourceType as isKnownType,
  type JsonObject,
  parseLossless,
  type ResourceStore,
  type StoredVersion,
  stringifyLossless,
  validateResource,
} from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { reasonNotToTake } from "../catchment/serve/limit-push.ts";
import { openConflict } from "../conflict/change-conflict.ts";
import { type Meeting, putMeeting } from "../conflict/meeting.ts";
import { mergeResources, type RecordSide } from "../conflict/merge/merge-resources.ts";
import type { PolicyRule } from "../conflict/merge/policy/merge-policy.ts";
import { versionAfter } from "../conflict/version-after.ts";
import { bodyDigestOf } from "../stream/stream-entry.ts";
import { literalReferences } from "./literal-references.ts";
import { findEarlierWaits } from "./parked-units.ts";
import type { PushedRecord, PushUnit, RecordVerdict, RefusalClass, UnitVerdict } from "./push-unit.ts";
import { nodesNotSpokenFor, type RecordOrigin } from "./record-origin.ts";
import { noteUnborn, whichAreKnown } from "./unborn-records.ts";

/** Missing records that one verdict names; what lacks more is judged again when these are there. */
const missingMax = 1_000;

export interface JudgeOptions {
  readonly store: ResourceStore;
  /** This node, the parent. */
  readonly nodeId: NodeId;
  /** The site's merge rules, asked before the default ones. */
  readonly policies?: readonly PolicyRule[];
  /** Whether a unit's patients are the child's; asked within the transaction that has taken it. All are when absent. */
  readonly catchmentOf?:
    | ((tx: Transaction, child: string, unit: PushUnit) => Promise<"inside" | "outside">)
    | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Takes one unit of a child in, within the transaction that keeps its verdict: each record is taken as it is when the
 * parent's has not changed since, and merged when it has. A unit with an invalid record is refused as a whole, and one
 * that newly refers to a record that never was here, or that follows such a unit, is parked; neither changes anything.
 */
export async function judgeUnit(
  tx: Transaction,
  unit: PushUnit,
  child: string,
  options: JudgeOptions,
): Promise<UnitVerdict> {
  const resources = readResources(unit);
  if ("reason" in resources) return { kind: "rejected", ...resources };
  const forbidden = await reasonNotToTake(tx, child, unit);
  if (forbidden !== undefined) return { kind: "rejected", reason: forbidden, class: "forbidden" };
  const { store, nodeId, clock } = options;
  const current = await store.readForChange(
    tx,
    unit.records.map(({ type, id }) => ({ type, id })),
  );
  const unborn = unit.records.filter(({ type, id, body }) => body === null && !current.has(`${type}/${id}`));
  const missing = await missingTargets(tx, resources, current, unborn);
  missing.push(...(await findEarlierWaits(tx, child, unit)));
  if (missing.length > 0) return { kind: "parked", missing: [...new Set(missing)].slice(0, missingMax) };
  await noteUnborn(tx, unborn);
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
      outcome: verdict.outcome === "applied" && record.body === null ? "deleted" : verdict.outcome,
      error: null,
    });
  }
  const place = (await options.catchmentOf?.(tx, child, unit)) ?? "inside";
  if (place === "inside") {
    await appendAudit(tx, nodeId, audit);
    return { kind: "taken", records };
  }
  await appendAudit(
    tx,
    nodeId,
    audit.map((entry) => ({ ...entry, outcome: "accepted-late" })),
  );
  return { kind: "outside-catchment", records: records.map(({ body: _, ...told }) => told) };
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
    if (record.isSuperseded) {
      verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: baseVersion ?? here?.version ?? 1 });
    } else if (!here && body === null) {
      verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: baseVersion ?? 1, body: null });
    } else if (here && isSameContent(record, here)) {
      verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: here.version });
    } else if (!here || (here.version === baseVersion && record.baseBody === null && isBase(record, here))) {
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
  const meetingId = contested.length > 0 ? newUuid(clock, random) : null;
  if (meetingId !== null) await putMeeting(tx, meetingOf(meetingId, record, current, child));
  for (const element of contested) {
    await openConflict(tx, store.bus, {
      conflictId: newUuid(clock, random),
      type,
      id,
      version,
      element,
      theirNode: child,
      operationId: unit.operationId,
      openedAt: clock.now(),
      meetingId,
    });
  }
  const body = merged === "deleted" ? null : stringifyLossless(merged);
  const open = contested.filter(({ settledBy }) => settledBy === undefined).length;
  return { type, id, outcome: "merged", version, body, conflicts: open };
}

/** What met: the parent's bodies stand in its history, the child's is copied. */
function meetingOf(meetingId: string, record: PushedRecord, current: StoredVersion, child: string): Meeting {
  const { baseVersion, baseBody, origin, author, version, writtenAt, body } = record;
  const { originNode, lastUpdated } = current;
  return {
    meetingId,
    baseVersion,
    mine: { node: originNode, author: current.author, version: current.version, at: lastUpdated },
    theirs: { node: origin?.node ?? child, author, version, at: writtenAt },
    bodies: { base: baseBody ?? undefined, mine: undefined, theirs: body },
  };
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
  return stored && isBase(record, stored) ? sideOf(stored.body ?? null) : undefined;
}

/** Whether a version is the one that the child means, and not one that was written under its number after a restore. */
function isBase({ baseDigest }: PushedRecord, { bodyHash }: StoredVersion): boolean {
  return baseDigest === null || baseDigest === (bodyHash === null ? "" : bodyDigestOf(bodyHash));
}

function sideOf(body: string | null): RecordSide {
  return body === null ? "deleted" : (parseLossless(body) as JsonObject);
}

function isSameContent(record: PushedRecord, current: StoredVersion): boolean {
  return record.body === null ? current.operation === "delete" : record.bodyHash === current.bodyHash;
}

/** The parsed content of a unit's records by `Type/id`, or why the unit is refused. */
function readResources({
  records,
}: PushUnit): Map<string, JsonObject> | { readonly reason: string; readonly class: RefusalClass } {
  const resources = new Map<string, JsonObject>();
  for (const { type, id, body } of records) {
    const name = `${type}/${id}`;
    if (!isKnownType(type)) return { reason: `${name} is of a type that is not known here.`, class: "unknown-type" };
    if (body === null) continue;
    let resource: unknown;
    try {
      resource = JSON.parse(body);
    } catch {
      return { reason: `${name} is no JSON.`, class: "invalid" };
    }
    if ((resource as { id?: unknown } | null)?.id !== id)
      return { reason: `${name} has another id in its body.`, class: "invalid" };
    const error = validateResource(resource, { expectedType: type }).find(
      ({ severity }) => severity === "error" || severity === "fatal",
    );
    if (error) {
      const place = error.expression?.[0] ?? type;
      return { reason: `${name} is not valid (${error.code} at ${place}).`, class: "invalid" };
    }
    resources.set(name, resource as JsonObject);
  }
  return resources;
}

/**
 * What a unit refers to that never was here and is not in the unit. What a record referred to already in the version
 * that is here is not asked for: it has been taken without it once.
 */
async function missingTargets(
  tx: Transaction,
  resources: ReadonlyMap<string, JsonObject>,
  current: ReadonlyMap<string, StoredVersion>,
  unborn: readonly PushedRecord[],
): Promise<string[]> {
  const targets = new Set<string>();
  for (const resource of resources.values()) for (const name of literalReferences(resource)) targets.add(name);
  for (const { type, id } of unborn) targets.delete(`${type}/${id}`);
  const asked = [...targets].filter((name) => !resources.has(name) && !current.has(name));
  const known = await whichAreKnown(tx, asked.map(keyOf));
  const missing = new Set(asked.filter((name) => !known.has(name)));
  if (missing.size === 0) return [];
  const isNew = new Set<string>();
  for (const [name, resource] of resources) {
    const body = current.get(name)?.body;
    const before = body === undefined ? undefined : literalReferences(JSON.parse(body) as JsonObject);
    for (const target of literalReferences(resource)) {
      if (missing.has(target) && !before?.has(target)) isNew.add(target);
    }
  }
  return [...isNew];
}

function keyOf(name: string): { readonly type: string; readonly id: string } {
  const [type = "", id = ""] = name.split("/");
  return { type, id };
}
