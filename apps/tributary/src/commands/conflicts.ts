import type { AdminInput, ConflictDetail } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { drawPanes } from "./conflict-panes.ts";
import { headText, listText, losslessJson, refusedText } from "./conflict-text.ts";
import { type ListOptions, listQueryOf, tellMore } from "./list-query.ts";
import { printable, textTable } from "./text-table.ts";

export interface ConflictsOptions extends AdminOptions {
  readonly json?: boolean;
}

type ListQuery = NonNullable<AdminInput<"GET /conflicts">["query"]>;

export interface ListConflictsOptions
  extends ConflictsOptions,
    ListOptions<NonNullable<ListQuery["sort"]>>,
    Pick<ListQuery, "state" | "type" | "assignee"> {}

/** `tributary conflicts list`: what waits for a decision. Values are shown only as JSON, since they tell of patients. */
export async function listConflicts(options: ListConflictsOptions, terminal: Terminal): Promise<void> {
  const { state, type, assignee, json } = options;
  await using admin = await openAdmin(options, terminal);
  const listed = await admin.ask("GET /conflicts", { query: { ...listQueryOf(options), state, type, assignee } });
  if (json) return terminal.print(losslessJson(listed));
  terminal.print(listText(listed.conflicts, state));
  for (const decision of listed.refusedDecisions) terminal.print(printable(refusedText(decision)));
  if (listed.queuedDecisions > 0) {
    terminal.print(`${listed.queuedDecisions} decided here and not yet taken note of by the parent.`);
  }
  tellMore(listed, terminal);
}

/** `tributary conflicts show`: one conflict with its three values, whatever became of it. */
export async function showConflict(id: string, options: ConflictsOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const detail = await admin.ask("GET /conflicts/:id", { path: { id } });
  terminal.print(options.json ? losslessJson(detail) : describe(detail));
}

function describe(detail: ConflictDetail): string {
  const { conflict, refusedDecisions, isWithheld } = detail;
  const lines = refusedDecisions.map((decision) => printable(refusedText(decision)));
  const panes = isWithheld ? "What it says is shown to a reviewer or an administrator." : drawPanes(conflict.element);
  return [headText(detail), ...lines, "", panes].join("\n");
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

export interface ReviewersOptions extends ConflictsOptions, ListOptions<"name" | "role" | "open"> {}

/** `tributary conflicts reviewers`: to whom conflicts can be assigned, and how many open ones each has. */
export async function listReviewers(options: ReviewersOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const page = await admin.ask("GET /conflicts/reviewers", { query: listQueryOf(options) });
  if (options.json) return terminal.print(losslessJson(page));
  if (page.items.length === 0) return terminal.print("No user of this node may decide conflicts.");
  const rows = page.items.map(({ name, role, open }) => [printable(name), role ?? "-", String(open)]);
  terminal.print(textTable(["NAME", "ROLE", "OPEN"], rows));
  tellMore(page, terminal);
}

export interface AssignConflictOptions extends ConflictsOptions {
  /** Empty to take an assignment back. */
  readonly to: string;
  /** Said for who is not among the reviewers. */
  readonly unlisted?: boolean;
}

/** `tributary conflicts assign`: says who is to decide one conflict. */
export async function assignConflictTo(id: string, options: AssignConflictOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const assignee = options.to === "" ? null : options.to;
  const body = { assignee, ...(options.unlisted ? { unlisted: true } : {}) };
  const assigned = await admin.ask("POST /conflicts/:id/assign", { path: { id }, body });
  if (options.json) return terminal.print(losslessJson(assigned));
  const now = assigned.conflict.assignee;
  terminal.print(now === null ? "Assigned to nobody." : `Assigned to ${printable(now)}.`);
}
