import type { Transaction } from "@tributary/database";
import { bodyHashOf, type IncomingVersion, type StoredVersion } from "@tributary/fhir";
import type { JudgeOptions, Taking } from "./judge-options.ts";
import { bringsWhatItDeleted, isBase } from "./known-base.ts";
import type { PushedRecord, RecordVerdict } from "./push-unit.ts";
import { nodesNotSpokenFor, type RecordOrigin } from "./record-origin.ts";

/**
 * Takes over, as the child made them, the records of some units that need no merge, with a handful of statements for all
 * of them. Their verdicts by `Type/id`; the records that are to be merged are absent.
 */
export async function takeUnchanged(
  tx: Transaction,
  takings: readonly Taking[],
  current: ReadonlyMap<string, StoredVersion>,
  { store, nodeId }: JudgeOptions,
): Promise<ReadonlyMap<string, RecordVerdict>> {
  const verdicts = new Map<string, RecordVerdict>();
  const toTake: { readonly record: PushedRecord; readonly taking: Taking }[] = [];
  for (const taking of takings) {
    for (const record of taking.unit.records) {
      const { type, id, body, baseVersion } = record;
      const here = current.get(`${type}/${id}`);
      const named = { type, id, conflicts: 0 } as const;
      if (record.isSuperseded) {
        verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: baseVersion ?? here?.version ?? 1 });
      } else if (!here && body === null) {
        verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: baseVersion ?? 1, body: null });
      } else if (here && isSameContent(record, here)) {
        verdicts.set(`${type}/${id}`, { ...named, outcome: "unchanged", version: here.version });
      } else if (!here || isMadeOn(record, here)) {
        toTake.push({ record, taking });
      }
    }
  }
  const relaying = toTake.find(({ record }) => record.origin !== null)?.taking.child;
  const notSpokenFor = relaying === undefined ? new Set<string>() : await nodesNotSpokenFor(tx, relaying, nodeId);
  const outcomes = await store.apply(
    tx,
    toTake.map(({ record, taking }) => incomingOf(record, taking, notSpokenFor)),
  );
  for (const [at, { record }] of toTake.entries()) {
    const { type, id } = record;
    const outcome = outcomes[at]!;
    const version = outcome.kind === "applied" ? outcome.version : (current.get(`${type}/${id}`)?.version ?? 1);
    verdicts.set(`${type}/${id}`, { type, id, conflicts: 0, outcome: outcome.kind, version });
  }
  return verdicts;
}

function incomingOf(
  { type, id, version, body, bodyHash, origin, author }: PushedRecord,
  { unit, child, changeSet }: Taking,
  notSpokenFor: ReadonlySet<string>,
): IncomingVersion {
  const own: RecordOrigin = { node: child, version, operation: unit.operationId };
  return {
    key: { type, id },
    body: body ?? undefined,
    bodyHash,
    origin: origin === null || notSpokenFor.has(origin.node) ? own : origin,
    author: author ?? child,
    changeSet,
  };
}

/** Whether a record is an edit of the very version that is here, or deletes the very content. */
function isMadeOn(record: PushedRecord, here: StoredVersion): boolean {
  if (record.body === null && record.baseBody !== null && here.bodyHash === bodyHashOf(record.baseBody)) return true;
  if (here.version !== record.baseVersion) return false;
  return (record.baseBody === null || bringsWhatItDeleted(record)) && isBase(record, here);
}

function isSameContent(record: PushedRecord, current: StoredVersion): boolean {
  return record.body === null ? current.operation === "delete" : record.bodyHash === current.bodyHash;
}
