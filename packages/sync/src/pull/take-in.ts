import { type AuditDraft, appendAudit } from "@tributary/audit";
import { isDatabaseTrouble, type Transaction } from "@tributary/database";
import type { ResourceStore, StoredVersion } from "@tributary/fhir";
import { BrokenPromiseError } from "@tributary/kernel";
import { forgetDepartures, hasDepartures } from "../catchment/follow/departures.ts";
import { holdPulls } from "../control/held-pulls.ts";
import { allowsType, everyType, type TypeFilter } from "../control/type-filter.ts";
import { noteUnborn } from "../push/unborn-records.ts";
import type { Change } from "./change.ts";
import { decideEntry, type EntryDecision } from "./decide-entry.ts";
import { forgetFailedPulls } from "./failed-pulls.ts";
import { type LinkBase, putLinkBases, readLinkBases } from "./link-base.ts";
import { localOf } from "./local-of.ts";
import type { PullTally } from "./pull-tally.ts";
import { auditOfPull, notePullFailure, type PullPlace } from "./pull-trail.ts";

export interface TakeInOptions extends PullPlace {
  readonly store: ResourceStore;
  /** The types that are taken in; of the others it is noted which records changed. All of them when left out. */
  readonly types?: TypeFilter;
  /** Whether a change that was asked for to settle a doubt is what the parent has now. */
  readonly isTruth: (change: Change, base: LinkBase | undefined) => boolean;
}

/**
 * Takes changes in, with their bases and audit entries, in the caller's transaction. One that cannot be taken in is noted
 * and holds up nothing but itself; what this node's database does wrong is thrown on.
 */
export async function takeIn(tx: Transaction, changes: readonly Change[], options: TakeInOptions): Promise<PullTally> {
  const tally: PullTally = { applied: 0, unchanged: 0, failed: 0 };
  if (changes.length === 0) return tally;
  try {
    await tx.savepoint((inner) => takeInTogether(inner, changes, tally, options));
    return tally;
  } catch (error) {
    if (isDatabaseTrouble(error) || error instanceof BrokenPromiseError) throw error;
    if (changes.length === 1) {
      const { incoming, remoteVersion } = changes[0]!;
      await notePullFailure(tx, options, incoming.key, remoteVersion, "not-applicable");
      return { applied: 0, unchanged: 0, failed: 1 };
    }
  }
  // One of them cannot be taken in: halve until it stands alone, so that it holds up nothing but itself.
  const middle = Math.ceil(changes.length / 2);
  const first = await takeIn(tx, changes.slice(0, middle), options);
  const second = await takeIn(tx, changes.slice(middle), options);
  return {
    applied: first.applied + second.applied,
    unchanged: first.unchanged + second.unchanged,
    failed: first.failed + second.failed,
  };
}

async function takeInTogether(
  tx: Transaction,
  changes: readonly Change[],
  tally: PullTally,
  options: TakeInOptions,
): Promise<void> {
  const { store, nodeId, parent, types = everyType } = options;
  const isPulled = ({ type }: { readonly type: string }) => allowsType(types, type);
  const locals = await store.readForChange(
    tx,
    changes.map(({ incoming }) => incoming.key),
  );
  const known = await readLinkBases(
    tx,
    parent,
    changes.map(({ incoming }) => incoming.key),
  );
  const taken: Change[] = [];
  const bases: LinkBase[] = [];
  const settled: { readonly type: string; readonly id: string }[] = [];
  const held: { readonly type: string; readonly id: string }[] = [];
  const unborn: { readonly type: string; readonly id: string }[] = [];
  for (const change of changes) {
    const { key } = change.incoming;
    const name = nameOf(key);
    const local = locals.get(name);
    const base = agreedOn(known.get(name));
    const decision = decide(change, local, base, options.isTruth(change, base));
    switch (decision.kind) {
      case "take":
      case "delete":
        if (!isPulled(key)) held.push(key);
        else if (change.isComplete) taken.push(change);
        else {
          await notePullFailure(tx, options, key, change.remoteVersion, "changed-meanwhile");
          tally.failed += 1;
        }
        break;
      case "same-content":
        bases.push({ ...key, localVersion: local!.version, remoteVersion: change.remoteVersion });
        settled.push(key);
        tally.unchanged += 1;
        break;
      case "edited-here":
        if (!isPulled(key)) {
          held.push(key);
          break;
        }
        await notePullFailure(tx, options, key, change.remoteVersion, "edited-here");
        tally.failed += 1;
        break;
      case "never-mind":
        unborn.push(key);
        tally.unchanged += 1;
        settled.push(key);
        break;
      case "known":
      case "doubtful":
        tally.unchanged += 1;
        settled.push(key);
    }
  }
  const outcomes = await store.apply(
    tx,
    taken.map(({ incoming }) => incoming),
  );
  const audit: AuditDraft[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    const { incoming, remoteVersion } = taken[at]!;
    const before = locals.get(nameOf(incoming.key))?.version ?? null;
    const localVersion = outcome.kind === "applied" ? outcome.version : (before ?? 0);
    bases.push({ ...incoming.key, localVersion, remoteVersion });
    settled.push(incoming.key);
    if (outcome.kind === "unchanged") {
      tally.unchanged += 1;
      continue;
    }
    tally.applied += 1;
    audit.push({
      ...auditOfPull(
        options,
        nameOf(incoming.key),
        before,
        outcome.version,
        incoming.body === undefined ? "deleted" : "applied",
      ),
      operationId: incoming.origin.operation,
    });
  }
  // A parent that is put back to a time before may hear first of what refers to them.
  await noteUnborn(tx, unborn, nodeId);
  await holdPulls(tx, parent, held, options.clock.now());
  await putLinkBases(tx, parent, bases);
  await forgetFailedPulls(tx, parent, [...settled, ...held]);
  // What the parent tells of has not left, whatever was to become of it.
  if (await hasDepartures(tx)) {
    await forgetDepartures(
      tx,
      changes.map(({ incoming }) => nameOf(incoming.key)),
    );
  }
  await appendAudit(tx, nodeId, audit);
}

function decide(
  change: Change,
  local: StoredVersion | undefined,
  base: LinkBase | undefined,
  isCurrent: boolean,
): EntryDecision {
  return decideEntry(
    {
      version: change.remoteVersion,
      isDeleted: change.isDeleted,
      bodyDigest: change.bodyDigest,
      isCurrent,
    },
    localOf(local),
    base,
  );
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}

/** What was outside the catchment has not been told since, and may be another there by now: of it only the own version counts. */
function agreedOn(base: LinkBase | undefined): LinkBase | undefined {
  return base?.isOutside ? { ...base, remoteVersion: 0, differs: false } : base;
}
