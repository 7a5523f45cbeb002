import { TributaryError } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import {
  assigneeLengthMax,
  assignOneConflict,
  type Conflict,
  countQueuedDecisions,
  findConflict,
  listLatestRefusedDecisions,
  listOpenConflicts,
  listRefusedDecisionsOf,
  type Meeting,
  type RefusedDecision,
  readMeeting,
} from "@tributary/sync";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { drawPanes } from "./conflict-panes.ts";
import { headText, listText, losslessJson, refusedText } from "./conflict-text.ts";
import { openNodeAt } from "./node-at.ts";
import { printable, textTable } from "./text-table.ts";

/** Conflicts listed at a time, the oldest first; more than anybody decides at one sitting. */
const listedMax = 500;

export interface ConflictsOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `tributary conflicts list`: what waits for a decision. Values are shown only as JSON, since they tell of patients. */
export async function listConflicts({ dir, json }: ConflictsOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(dir, terminal);
  const { database, clock } = node;
  const open = await listOpenConflicts(database, listedMax);
  const refused = Map.groupBy(await listLatestRefusedDecisions(database, listedMax), ({ conflictId }) => conflictId);
  if (json) {
    const now = clock.now();
    terminal.print(
      losslessJson(
        open.map((conflict) => ({
          ...conflict,
          ageMs: Math.max(0, now - conflict.openedAt),
          refusedDecisions: (refused.get(conflict.conflictId) ?? []).map(failureOf),
        })),
      ),
    );
    return;
  }
  const queued = await countQueuedDecisions(database);
  terminal.print(listText(open));
  for (const decision of [...refused.values()].flat()) terminal.print(printable(refusedText(decision)));
  if (queued > 0) terminal.print(`${queued} decided here and not yet taken note of by the parent.`);
}

/** `tributary conflicts show`: one conflict with its three values, whatever became of it. */
export async function showConflict(id: string, { dir, json }: ConflictsOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(dir, terminal);
  const conflict = foundConflict(await findConflict(node.database, id), id);
  const meeting = await meetingOf(node, conflict);
  const refused = await listRefusedDecisionsOf(node.database, conflict.conflictId);
  if (json) {
    const refusedDecisions = refused.map(failureOf);
    return terminal.print(losslessJson({ ...conflict, ...(meeting ? { meeting } : {}), refusedDecisions }));
  }
  const lines = refused.map((decision) => printable(refusedText(decision)));
  terminal.print([headText(conflict, meeting), ...lines, "", drawPanes(conflict.element)].join("\n"));
}

/** The name under which a decision that the parent refused stands in the list of what failed. */
function failureOf({ decisionId }: RefusedDecision): string {
  return `decision:${decisionId}`;
}

/** `tributary conflicts count`: how the conflicts of each element stand, and how long a decision took. */
export async function tellConflictCounts(options: ConflictsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const counts = await admin.ask("GET /conflicts/counts");
  if (options.json) return terminal.print(losslessJson(counts));
  if (counts.items.length === 0) return terminal.print("No conflicts.");
  const rows = counts.items.map(({ element, open, resolved, superseded, settled, medianMs }) => [
    element,
    ...[open, resolved, superseded, settled].map(String),
    medianMs === null ? "–" : `${Math.round(medianMs / 60_000)} min`,
  ]);
  terminal.print(textTable(["ELEMENT", "OPEN", "RESOLVED", "SUPERSEDED", "SETTLED", "MEDIAN"], rows));
}

export interface AssignConflictOptions extends ConflictsOptions {
  /** Empty to take an assignment back. */
  readonly to: string;
  /** Who says so. */
  readonly as?: string;
}

/** `tributary conflicts assign`: says who is to decide one conflict. */
export async function assignConflictTo(id: string, options: AssignConflictOptions, terminal: Terminal): Promise<void> {
  await using node = await openNodeAt(options.dir, terminal);
  const { database, store, id: nodeId, clock, random } = node;
  const { conflictId } = foundConflict(await findConflict(database, id), id);
  const request = { conflictId, assignee: options.to === "" ? null : options.to, author: authorOf(options, terminal) };
  const outcome = await database.transaction((tx) => assignOneConflict(tx, { store, nodeId, clock, random }, request));
  switch (outcome.kind) {
    case "assigned":
    case "unchanged": {
      const { assignee } = outcome.conflict;
      const sentence = assignee === null ? "Assigned to nobody." : `Assigned to ${assignee}.`;
      return terminal.print(options.json ? losslessJson(outcome) : sentence);
    }
    case "not-open":
      throw new TributaryError("RESOLUTION_REFUSED", `The conflict is ${outcome.conflict.state} and waits for nobody.`);
    case "unknown":
      throw new TributaryError("CONFLICT_UNKNOWN", `There is no conflict ${conflictId}.`);
    case "name-refused":
      throw new TributaryError("RESOLUTION_REFUSED", `A name has 1 to ${assigneeLengthMax} characters.`);
  }
}

/** The conflict that an identifier, or its beginning, leads to; throws `CONFLICT_UNKNOWN` when it is not one. */
export function foundConflict(lookup: Awaited<ReturnType<typeof findConflict>>, id: string): Conflict {
  switch (lookup.kind) {
    case "found":
      return lookup.conflict;
    case "unknown":
      throw new TributaryError("CONFLICT_UNKNOWN", `This node has no conflict ${id}.`);
    case "ambiguous":
      throw new TributaryError("CONFLICT_UNKNOWN", `More than one conflict begins with ${id}.`);
  }
}

/** Who acts: by the option, else the user of this terminal. */
export function authorOf({ as }: { readonly as?: string }, terminal: Terminal): string {
  return as ?? terminal.environment["USER"] ?? "command line";
}

async function meetingOf({ database, store }: Node, conflict: Conflict): Promise<Meeting | undefined> {
  const { meetingId, link } = conflict;
  if (meetingId === null) return undefined;
  return readMeeting(database, store, meetingId, conflict, link === null);
}
