import { appendAudit, auditDraft } from "@tributary/audit";
import type { Database } from "@tributary/database";
import { referenceTo } from "@tributary/fhir";
import { type NodeId, newUuid } from "@tributary/kernel";
import { isRefusal, type LineFailure, lineFailureOf } from "../parent-line.ts";
import type { LocalTarget } from "../pull/local-target.ts";
import type { ParentSource } from "../pull/parent-source.ts";
import type { PushOptions } from "../push/push-options.ts";
import type { SyncOutcome } from "../sync-report.ts";
import type { SelectedRecord } from "./find-selected.ts";
import type { ManualRequest, ManualResult } from "./manual-request.ts";
import { pullSelected } from "./pull-selected.ts";
import { pushSelected } from "./push-selected.ts";
import { selectedAtEither, selectedHere, selectedThere } from "./selected-pages.ts";

export interface SyncSelectionOptions extends PushOptions {
  readonly source: ParentSource;
  readonly target: LocalTarget;
  /** The user on whose behalf it happens. */
  readonly author: string;
}

/** What came of a synchronization by hand: each record, once for each direction. */
export interface ManualReport {
  /** Names the run in the audit trail. */
  readonly operationId: string;
  readonly parent: string;
  readonly status: SyncOutcome;
  readonly results: readonly ManualResult[];
  /** Why it was broken off. */
  readonly error: LineFailure | undefined;
}

/** Audit entries written in one transaction. */
const entriesPerStep = 500;

/**
 * Brings chosen records into step now, by the roads that every round takes: a push through the queue, then a pull that
 * leaves the marker where it is. The run and what came of each record are in the audit trail under the operator's name.
 * It can be broken off anywhere; what was done by then stays. Throws only what is not the line's fault.
 */
export async function syncSelection(
  { selection, directions }: ManualRequest,
  options: SyncSelectionOptions,
  signal: AbortSignal,
): Promise<ManualReport> {
  const { database, clock, random, parent, connection } = options;
  const operationId = `manual:${newUuid(clock, random)}`;
  const trail = new ManualTrail(options, operationId);
  const results: ManualResult[] = [];
  const told = (some: readonly ManualResult[]) => void results.push(...some);
  await trail.begin();
  let error: LineFailure | undefined;
  try {
    const isBoth = directions.length > 1;
    const chosen = isBoth ? await selectedAtEither(connection, options, selection, signal) : selection;
    if (directions.includes("push")) {
      const records: SelectedRecord[] = [];
      for await (const page of selectedHere(options, chosen, signal)) {
        records.push(...page.records);
        told(page.missing.map((key) => notFound(key, "push")));
      }
      const actor = { nodeId: options.nodeId, author: options.author, now: clock.now() };
      await pushSelected(records, options, actor, told, signal);
    }
    if (directions.includes("pull")) {
      const pages = selectedThere(connection, chosen, signal);
      for await (const some of pullSelected(pages, { ...options, database }, signal)) told(some);
    }
  } catch (thrown) {
    error = lineFailureOf(thrown, signal);
  }
  const ended = foundAnywhere(results);
  await trail.end(ended, error);
  return { operationId, parent, status: statusOf(ended, error), results: ended, error };
}

/** Leaves out that one end lacks what the other one has, and says only once that both lack it. */
function foundAnywhere(results: readonly ManualResult[]): ManualResult[] {
  const found = new Set(results.filter(({ outcome }) => outcome !== "not-found").map(referenceTo));
  return results.filter((result) => {
    if (result.outcome !== "not-found") return true;
    const isNew = !found.has(referenceTo(result));
    found.add(referenceTo(result));
    return isNew;
  });
}

function notFound({ type, id }: { readonly type: string; readonly id: string }, direction: "push"): ManualResult {
  return { type, id, direction, outcome: "not-found", conflicts: 0, reason: null };
}

function statusOf(results: readonly ManualResult[], error: LineFailure | undefined): SyncOutcome {
  if (error) return isRefusal(error) ? "refused" : "interrupted";
  const isDone = results.every(({ outcome }) => ["applied", "unchanged", "merged"].includes(outcome));
  return isDone ? "complete" : "partial";
}

/** The trace of one run: that it was begun, what came of each record, and how it ended. */
class ManualTrail {
  readonly #options: {
    readonly database: Database;
    readonly nodeId: NodeId;
    readonly parent: string;
    readonly author: string;
    readonly clock: SyncSelectionOptions["clock"];
  };
  readonly #operationId: string;

  constructor(options: SyncSelectionOptions, operationId: string) {
    this.#options = options;
    this.#operationId = operationId;
  }

  begin(): Promise<void> {
    return this.#write([{ reference: null, outcome: "begun", error: null }]);
  }

  async end(results: readonly ManualResult[], error: LineFailure | undefined): Promise<void> {
    for (let at = 0; at < results.length; at += entriesPerStep) {
      await this.#write(
        results.slice(at, at + entriesPerStep).map(({ type, id, direction, outcome }) => ({
          reference: `${type}/${id}`,
          outcome,
          error: null,
          direction,
        })),
      );
    }
    await this.#write([{ reference: null, outcome: error ? "interrupted" : "ended", error: error?.code ?? null }]);
  }

  async #write(
    entries: readonly {
      readonly reference: string | null;
      readonly outcome: string;
      readonly error: string | null;
      readonly direction?: string;
    }[],
  ): Promise<void> {
    const { database, nodeId, parent, author, clock } = this.#options;
    await database.transaction((tx) =>
      appendAudit(
        tx,
        nodeId,
        entries.map(({ reference, outcome, error, direction }) =>
          auditDraft({
            at: clock.now(),
            actor: author,
            operation: "manual",
            reference,
            link: parent,
            operationId: direction ? `${this.#operationId}:${direction}` : this.#operationId,
            outcome,
            error,
          }),
        ),
      ),
    );
  }
}
