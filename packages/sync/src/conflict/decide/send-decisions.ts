import type { Database } from "@tributary/database";
import type { ResourceStore } from "@tributary/fhir";
import { type Clock, TributaryError } from "@tributary/kernel";
import { readLinkBases } from "../../pull/link-base.ts";
import type { ParentConnection } from "../../pull/parent-connection.ts";
import { noteStreamEnds } from "../../pull/seen-places.ts";
import { parseStreamEnd, streamEndHeader } from "../../stream/stream-end.ts";
import { readConflicts } from "../conflicts.ts";
import { parseConflictRows } from "../travel/conflict-rows.ts";
import { takeConflict } from "../travel/take-conflict.ts";
import type { DecisionOutcome } from "./decision.ts";
import { dropDecision, type QueuedDecision, readQueuedDecisions } from "./decision-queue.ts";
import { decisionsMax, writeDecisions } from "./decisions-request.ts";
import { countRefusedDecisions, keepRefusedDecision } from "./refused-decisions.ts";

export interface SendOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly parent: string;
  readonly connection: ParentConnection;
  readonly clock: Clock;
}

/** Decisions looked at in one round; those whose edits are held up must not hide the others for ever. */
const lookedAtMax = 1_000;

/** Some seconds of a slow line; what a decision about a whole record changed comes to more than most of them. */
const requestBytes = 64 * 1024;

/**
 * Tells the parent what was decided here, once the edits have reached it. The answer's rows, as they stand at the parent,
 * are taken over in the transaction in which the decisions leave the queue, with where their stream ended then. It can be broken off anywhere: what has no
 * answer is sent again under its name and takes effect once. With nothing to tell it asks nothing.
 */
export async function sendDecisions(options: SendOptions, signal: AbortSignal): Promise<void> {
  const { database, parent, connection, clock } = options;
  const due = await readDueDecisions(options);
  for (const sent of inRequests(due)) {
    signal.throwIfAborted();
    const body = writeDecisions(sent.map(({ decision }) => decision));
    const answer = await connection.ask("conflicts/decide", { body }, "application/json", signal);
    const text = new TextDecoder().decode(answer.body);
    const { conflicts } = parseConflictRows(text);
    const outcomes = parseOutcomes(text);
    await database.transaction(async (tx) => {
      for (const { decision } of sent) {
        const outcome = outcomes.get(decision.decisionId);
        if (outcome === undefined) continue;
        if (outcome !== "refused") await dropDecision(tx, decision.decisionId);
        else await keepRefusedDecision(tx, decision.decisionId, "forbidden", clock.now());
      }
      for (const conflict of conflicts) await takeConflict(tx, options.store.bus, parent, conflict);
      await noteStreamEnds(tx, parent, [{ readAt: parseStreamEnd(answer.headers[streamEndHeader]) }]);
    });
  }
}

/** Parts decisions into requests, in their order. */
function inRequests(due: readonly QueuedDecision[]): QueuedDecision[][] {
  const requests: QueuedDecision[][] = [];
  let bytes = 0;
  for (const one of due) {
    const last = requests.at(-1);
    const size = JSON.stringify(one.decision).length;
    if (last && last.length < decisionsMax && bytes + size <= requestBytes) {
      last.push(one);
      bytes += size;
    } else {
      requests.push([one]);
      bytes = size;
    }
  }
  return requests;
}

/**
 * Those whose edits the parent has: it knows the record in the version that says what was decided, or in a later one. A
 * record that was purged here was purged only after that.
 * What was decided about a conflict is told in order, so that one that is held up holds up those behind it.
 */
export async function readDueDecisions({
  database,
  parent,
}: Pick<SendOptions, "database" | "parent">): Promise<QueuedDecision[]> {
  const queued = await readQueuedDecisions(database, parent, lookedAtMax);
  if (queued.length === 0) return [];
  const bases = await readLinkBases(database, parent, queued);
  const rows = await readConflicts(
    database,
    queued.map(({ decision }) => decision.conflictId),
  );
  const heldUp = new Set<string>();
  return queued.filter(({ decision, type, id, version }) => {
    const isPurged = !rows.has(decision.conflictId);
    const isThere = isPurged || (bases.get(`${type}/${id}`)?.localVersion ?? 0) >= version;
    if (!isThere) heldUp.add(decision.conflictId);
    return !heldUp.has(decision.conflictId);
  });
}

/** How many decisions the parent has not taken: those that wait, for their edit or for an answer, and those it refused. */
export async function countUntakenDecisions(database: Database, parent: string): Promise<number> {
  const queued = await readQueuedDecisions(database, parent, lookedAtMax);
  return queued.length + (await countRefusedDecisions(database, parent));
}

const outcomes: ReadonlySet<string> = new Set<DecisionOutcome>(["taken", "unknown", "refused"]);

function parseOutcomes(text: string): ReadonlyMap<string, DecisionOutcome> {
  const { outcomes: told } = JSON.parse(text) as { readonly outcomes?: unknown };
  if (Array.isArray(told) && told.every(isOutcome)) return new Map(told);
  throw new TributaryError("REMOTE_NONSENSE", "The parent did not say what became of the decisions.", {
    retryable: true,
  });
}

function isOutcome(value: unknown): value is [string, DecisionOutcome] {
  return Array.isArray(value) && typeof value[0] === "string" && outcomes.has(String(value[1]));
}
