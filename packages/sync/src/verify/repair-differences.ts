import { appendAudit, auditDraft } from "@tributary/audit";
import { type Database, sql, type Transaction } from "@tributary/database";
import type { ResourceKey, ResourceStore } from "@tributary/fhir";
import { type Clock, type NodeId, newUuid, type Random } from "@tributary/kernel";
import { dropLinkBases } from "../pull/link-base.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import type { ParentSource } from "../pull/parent-source.ts";
import { queueAgain } from "../push/queue/queue-own-changes.ts";
import { withWhatTheyNeed } from "../replicate.ts";
import { entryAbout } from "../stream/stream-entry.ts";
import type { Difference } from "./verify-with-parent.ts";

/** Records mended in one step. */
const stepRecords = 500;

// What the parent was thought to have is forgotten, so that what it has now is taken whatever its version; what is here
// counts as in step with it, since it is no edit.
const forgetRemote = sql("update link_bases set remote_version = 0 where link = $1 and type = $2 and id = $3");

export interface RepairOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly nodeId: NodeId;
  readonly parent: string;
  readonly source: ParentSource;
  readonly target: LocalTarget;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Makes both ends alike where they differ, by ordinary fetches and pushes: what the parent has is taken, deletions
 * included; what it never had is queued to be sent. Each record leaves a trace with the outcome `repaired`. Returns how
 * many records it saw to.
 */
export async function repairDifferences(
  differences: readonly Difference[],
  options: RepairOptions,
  signal: AbortSignal,
): Promise<number> {
  const { database, parent, source, target } = options;
  let repaired = 0;
  for (let at = 0; at < differences.length; at += stepRecords) {
    const step = differences.slice(at, at + stepRecords);
    await database.transaction(async (tx) => {
      for (const { type, id } of step) await tx.run(forgetRemote, [parent, type, id]);
    });
    const asked = step.map((key) => entryAbout(key, 0));
    for await (const { contents, missing } of source.fetch(asked, signal)) {
      const all = await withWhatTheyNeed(source, target, contents, signal);
      await target.apply({ contents: all, missing: [], settled: [], through: undefined }, (tx) =>
        audit(tx, "pull", contents, options),
      );
      await offerAgain(missing, options);
      repaired += contents.length + missing.length;
    }
  }
  return repaired;
}

/** Queues records that the parent does not have to be sent as if they had been made here. */
async function offerAgain(missing: readonly ResourceKey[], options: RepairOptions): Promise<void> {
  const { database, store, parent, nodeId, clock, random } = options;
  await database.transaction(async (tx) => {
    const here = await store.readForChange(
      tx,
      missing.map(({ type, id }) => ({ type, id })),
    );
    const living = [...here.values()].filter(({ operation }) => operation !== "delete");
    await dropLinkBases(
      tx,
      parent,
      living.map(({ key }) => key),
    );
    await queueAgain(
      tx,
      parent,
      nodeId,
      living.map(({ key, version }) => ({ ...key, version, transaction: `again-${newUuid(clock, random)}` })),
      () => newUuid(clock, random).slice(-12),
    );
    await audit(
      tx,
      "push",
      living.map(({ key }) => key),
      options,
    );
  });
}

async function audit(
  tx: Transaction,
  operation: "pull" | "push",
  records: readonly ResourceKey[],
  { nodeId, parent, clock }: RepairOptions,
): Promise<void> {
  const drafts = records.map(({ type, id }) =>
    auditDraft({
      at: clock.now(),
      actor: parent,
      operation,
      reference: `${type}/${id}`,
      link: parent,
      outcome: "repaired",
    }),
  );
  await appendAudit(tx, nodeId, drafts);
}
