import type { Transaction } from "@tributary/database";
import { type JsonObject, type StoredVersion, stringifyLossless } from "@tributary/fhir";
import { newUuid } from "@tributary/kernel";
import { openConflict } from "../conflict/change-conflict.ts";
import { type Meeting, putMeeting } from "../conflict/meeting.ts";
import { mergeResources, type RecordSide } from "../conflict/merge/merge-resources.ts";
import { rulesNow } from "../conflict/merge/policy/policy-source.ts";
import { versionAfter } from "../conflict/version-after.ts";
import type { JudgeOptions, Taking } from "./judge-options.ts";
import { baseOf, sideOf } from "./known-base.ts";
import type { PushedRecord, RecordVerdict } from "./push-unit.ts";

/**
 * Merges a record with the version that is here, writes what comes of it, and opens a conflict for each element that both
 * ends have changed.
 */
export async function mergeRecord(
  tx: Transaction,
  record: PushedRecord,
  current: StoredVersion,
  taking: Taking,
  options: JudgeOptions,
): Promise<RecordVerdict> {
  const { store, policies, clock, random } = options;
  const { unit, child } = taking;
  const { type, id } = record;
  const base = await baseOf(tx, record, current, store);
  const { merged, contested } = mergeResources({
    ...(base === undefined ? {} : { base }),
    mine: sideOf(current.body ?? null),
    theirs: sideOf(record.body),
    policies: rulesNow(policies),
  });
  const version = await write(tx, merged, current, taking, options);
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
  merged: RecordSide,
  current: StoredVersion,
  { child: author, changeSet }: Taking,
  { store }: JudgeOptions,
): Promise<number> {
  const { key } = current;
  const body = merged === "deleted" ? undefined : stringifyLossless(merged);
  const [outcome] = await store.write(tx, [
    body === undefined
      ? { kind: "delete", key, author, changeSet }
      : { kind: "save", key, body, resource: JSON.parse(body) as JsonObject, author, changeSet },
  ]);
  return versionAfter(outcome, current);
}
