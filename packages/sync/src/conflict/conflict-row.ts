import type { Conflict, ConflictState, DecidedChange, DecidedFor, Resolution, UndoneDecision } from "./conflict.ts";
import type { ContestedElement } from "./merge/contested-element.ts";

/** A row of `conflicts`. */
export interface ConflictRow {
  readonly conflict_id: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly element: string;
  readonly their_node: string;
  readonly operation_id: string;
  readonly state: string;
  readonly opened_at: number;
  readonly assignee: string | null;
  readonly resolved_at: number | null;
  readonly resolved_by: string | null;
  readonly resolved_node: string | null;
  readonly resolution_reason: string | null;
  readonly resolution_choice: string | null;
  readonly resolved_version: number | null;
  readonly resolution_change: string | null;
  readonly undone: string | null;
  readonly superseded_by: string | null;
  readonly meeting_id: string | null;
  readonly link: string | null;
  readonly link_revision: number | null;
  readonly revision: number;
}

const names = [
  "conflict_id",
  "type",
  "id",
  "version",
  "element",
  "their_node",
  "operation_id",
  "state",
  "opened_at",
  "assignee",
  "resolved_at",
  "resolved_by",
  "resolved_node",
  "resolution_reason",
  "resolution_choice",
  "resolved_version",
  "resolution_change",
  "undone",
  "superseded_by",
  "meeting_id",
  "link",
  "link_revision",
  "revision",
] as const satisfies readonly (keyof ConflictRow)[];

/** The columns of a `ConflictRow`, for a `select` or an `insert`. */
export const conflictColumns = names.join(", ");

/** The values of a row in the order of `conflictColumns`. */
export function conflictValues(conflict: Conflict): (string | number | null)[] {
  const { resolution } = conflict;
  return [
    conflict.conflictId,
    conflict.type,
    conflict.id,
    conflict.version,
    JSON.stringify(conflict.element),
    conflict.theirNode,
    conflict.operationId,
    conflict.state,
    conflict.openedAt,
    conflict.assignee,
    resolution?.at ?? null,
    resolution?.by ?? null,
    resolution?.node ?? null,
    resolution?.reason ?? null,
    resolution?.choice ?? null,
    resolution?.version ?? null,
    textOf(resolution?.change),
    textOf(conflict.undone),
    conflict.supersededBy,
    conflict.meetingId,
    conflict.link,
    conflict.linkRevision,
    conflict.revision,
  ];
}

export function conflictOf(row: ConflictRow): Conflict {
  return {
    conflictId: row.conflict_id,
    type: row.type,
    id: row.id,
    version: row.version,
    element: JSON.parse(row.element) as ContestedElement,
    theirNode: row.their_node,
    operationId: row.operation_id,
    state: row.state as ConflictState,
    openedAt: row.opened_at,
    assignee: row.assignee,
    ...(row.resolved_at === null ? {} : { resolution: resolutionOf(row, row.resolved_at) }),
    ...(row.undone === null ? {} : { undone: JSON.parse(row.undone) as UndoneDecision }),
    supersededBy: row.superseded_by,
    meetingId: row.meeting_id,
    link: row.link,
    revision: row.revision,
    linkRevision: row.link_revision,
  };
}

function resolutionOf(row: ConflictRow, at: number): Resolution {
  return {
    at,
    by: row.resolved_by ?? "",
    node: row.resolved_node,
    reason: row.resolution_reason ?? "",
    choice: (row.resolution_choice ?? "current") as DecidedFor,
    version: row.resolved_version ?? row.version,
    ...(row.resolution_change === null ? {} : { change: JSON.parse(row.resolution_change) as DecidedChange | null }),
  };
}

/** JSON, in which `null` is a value and the column's null is none. */
function textOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
