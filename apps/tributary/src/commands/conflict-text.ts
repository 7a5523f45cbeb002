import type { AdminAnswer, ConflictAnswer, ConflictDetail } from "@tributary/admin-api";
import { type JsonValue, stringifyLossless } from "@tributary/fhir";
import { printable, textTable } from "./text-table.ts";

/** Which side's value a record shows, in the words of the commands. */
export const sideNames = { mine: "parent", theirs: "child", both: "both", other: "another value" } as const;

/** A table of conflicts of one state, without values, since they tell of patients. */
export function listText(listed: readonly ConflictAnswer[], state: ConflictAnswer["state"] = "open"): string {
  if (listed.length === 0) return `No ${state} conflicts.`;
  const headings = ["conflict", "record", "element", "why", "pushed by", "shows", "since", "assigned to"];
  const rows = listed.map(({ conflictId, type, id, element, theirNode, openedAt, assignee }) => [
    conflictId,
    `${type}/${id}`,
    element.path,
    element.because,
    theirNode,
    sideNames[element.shown],
    timeOf(openedAt),
    assignee ?? "",
  ]);
  return textTable(headings, rows);
}

/** What is known of one conflict beside the values: where it stands, whose hands met, who is to decide or has. */
export function headText({ conflict, parent, child }: ConflictDetail): string {
  const { conflictId, type, id, element, theirNode, state, openedAt, assignee, link } = conflict;
  const lines = [
    `${conflictId}  ${state}${link === null ? "" : `, told by ${link}`}`,
    `${type}/${id}  ${element.path}`,
    `${element.because}, pushed by ${theirNode}, since ${timeOf(openedAt)}; shown: ${sideNames[element.shown]}`,
    ...(parent ? [`parent: ${handText(parent)}`] : []),
    ...(child ? [`child: ${handText(child)}`] : []),
    ...(assignee === null ? [] : [`assigned to ${assignee}`]),
    ...endText(conflict),
    ...undoneText(conflict),
  ];
  return lines.map(printable).join("\n");
}

function endText({ resolution, supersededBy }: ConflictAnswer): string[] {
  if (supersededBy !== null) return [`superseded by the decision of ${supersededBy}`];
  if (!resolution) return [];
  const { by, at, node, choice, version, reason } = resolution;
  const where = node === null ? "" : ` at ${node}`;
  return [`decided by ${by}${where}, ${timeOf(at)}, for ${choice}, in version ${version}: ${reason}`];
}

function undoneText({ undone }: ConflictAnswer): string[] {
  if (!undone) return [];
  const { by, node, at, reason, decidedBy, decidedAt, choice } = undone;
  const where = node === null ? "" : ` at ${node}`;
  const decision = `the decision of ${decidedBy}, ${timeOf(decidedAt)}, for ${choice}`;
  return [`taken back by ${by}${where}, ${timeOf(at)}: ${reason}; it was ${decision}`];
}

/** What the parent did not take of what was decided here, and what it is called where it can be sent again. */
export function refusedText({ failureId, conflictId, by, at }: RefusedDecision): string {
  return `${conflictId}  the parent refused what ${by} decided, ${timeOf(at)}; see \`tributary failed show ${failureId}\``;
}

type RefusedDecision = AdminAnswer<"GET /conflicts">["refusedDecisions"][number];
type Hand = NonNullable<ConflictDetail["parent"]>;

function handText({ author, node, version, at }: Hand): string {
  const who = author === null || author === node ? node : `${author} at ${node}`;
  return [who, ...(at === null ? [] : [timeOf(at)]), ...(version === null ? [] : [`version ${version}`])].join(", ");
}

/** `2026-01-31T12:00:00.000Z` */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** JSON in which numbers keep their digits. */
export function losslessJson(value: unknown): string {
  return stringifyLossless(value as JsonValue);
}
