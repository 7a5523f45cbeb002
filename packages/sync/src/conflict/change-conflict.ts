import { sql, type Transaction } from "@tributary/database";
import type { EventBus } from "@tributary/events";
import type { Conflict, NewConflict, Resolution, UndoneDecision } from "./conflict.ts";
import { conflictChanged } from "./conflict-changed.ts";
import { type ConflictRow, conflictColumns, conflictOf, conflictValues } from "./conflict-row.ts";
import { forgetDecidedValues } from "./decide/decision-queue.ts";

const marks = conflictColumns
  .split(", ")
  .map((_, at) => `$${at + 1}`)
  .join(", ");
const changeable = conflictColumns.split(", ").filter((name) => name !== "conflict_id" && name !== "revision");
const putOne = sql(`
  insert into conflicts (${conflictColumns}) values (${marks})
  on conflict (conflict_id) do update set
    ${changeable.map((name) => `${name} = excluded.${name}`).join(", ")}, revision = conflicts.revision + 1
  returning revision`);
const readOpenOf = sql(`
  select ${conflictColumns} from conflicts
  where type = $1 and id = $2 and state = 'open' and conflict_id <> $3
  order by opened_at, conflict_id`);
const readSuperseded = sql(`
  select ${conflictColumns} from conflicts
  where type = $1 and id = $2 and state = 'superseded' and superseded_by = $3
  order by opened_at, conflict_id`);
const dropOne = sql("delete from conflicts where conflict_id = $1");
const dropLonely = sql(`
  delete from conflict_meetings
  where meeting_id = $1 and not exists (select 1 from conflicts where meeting_id = $1)`);

/** Records a conflict in the transaction that merged; an older one of the same record stays as it is. */
export async function openConflict(tx: Transaction, bus: EventBus, opened: NewConflict): Promise<void> {
  await putConflict(tx, bus, {
    ...opened,
    state: opened.element.settledBy === undefined ? "open" : "settled",
    assignee: null,
    supersededBy: null,
    link: null,
    linkRevision: null,
  });
}

/** Closes an open conflict. Whoever calls holds the lock of its record, so that nobody else can have closed it. */
export function closeConflict(
  tx: Transaction,
  bus: EventBus,
  conflict: Conflict,
  resolution: Resolution,
): Promise<Conflict> {
  return change(tx, bus, conflict, { state: "resolved", resolution });
}

/**
 * Marks what a decision has overtaken: the older open conflicts of the same element, or of the whole record when it was
 * decided to delete it. Only a decision of somebody does that; a merge never does. A row of the parent is left to decisions that
 * the parent hears of, those about its own rows.
 */
export async function supersedeOlder(
  tx: Transaction,
  bus: EventBus,
  decided: Conflict,
  isDeletion: boolean,
): Promise<void> {
  const { type, id, conflictId, element, link } = decided;
  const rows = await tx.all<ConflictRow>(readOpenOf, [type, id, conflictId]);
  for (const other of rows.map(conflictOf)) {
    if (!isOlder(other, decided)) continue;
    if (!isDeletion && other.element.path !== element.path) continue;
    if (other.link !== null && other.link !== link) continue;
    await change(tx, bus, other, { state: "superseded", supersededBy: conflictId });
  }
}

/** Of two rows of one node the record's versions tell which is older; a clock, which may be set back, only else. */
function isOlder(one: Conflict, other: Conflict): boolean {
  if (one.link === other.link && one.version !== other.version) return one.version < other.version;
  if (one.openedAt !== other.openedAt) return one.openedAt < other.openedAt;
  return one.conflictId < other.conflictId;
}

/**
 * Opens a decided conflict again, and what its decision had superseded with it. Whoever calls holds the lock of the record.
 */
export async function reopenConflict(
  tx: Transaction,
  bus: EventBus,
  { resolution, ...conflict }: Conflict & { readonly resolution: Resolution },
  { at, by, node, reason }: Pick<UndoneDecision, "at" | "by" | "node" | "reason">,
): Promise<Conflict> {
  const { at: decidedAt, by: decidedBy, choice } = resolution;
  const undone = { at, by, node, reason, decidedAt, decidedBy, choice };
  const reopened = await change(tx, bus, conflict, { state: "open", undone });
  const rows = await tx.all<ConflictRow>(readSuperseded, [conflict.type, conflict.id, conflict.conflictId]);
  for (const older of rows.map(conflictOf)) await change(tx, bus, older, { state: "open", supersededBy: null });
  return reopened;
}

/** Says who is to decide; `null` takes it back. */
export function assignConflict(
  tx: Transaction,
  bus: EventBus,
  conflict: Conflict,
  assignee: string | null,
): Promise<Conflict> {
  return change(tx, bus, conflict, { assignee });
}

/** Writes a whole row, counts the change in its revision, and tells of it. */
export async function putConflict(
  tx: Transaction,
  bus: EventBus,
  given: Omit<Conflict, "revision">,
): Promise<Conflict> {
  const row = await tx.first<{ revision: number }>(putOne, conflictValues({ ...given, revision: 1 }));
  const conflict = { ...given, revision: row?.revision ?? 1 };
  await bus.publish(tx, conflictChanged, conflict);
  return conflict;
}

/** Removes a row that this node may no longer hold, with the bodies that only it led to and the values of its decisions. */
export async function forgetConflict(tx: Transaction, { conflictId, meetingId }: Conflict): Promise<void> {
  await tx.run(dropOne, [conflictId]);
  await forgetDecidedValues(tx, conflictId);
  if (meetingId !== null) await tx.run(dropLonely, [meetingId]);
}

function change(tx: Transaction, bus: EventBus, conflict: Conflict, to: Partial<Conflict>): Promise<Conflict> {
  return putConflict(tx, bus, { ...conflict, ...to });
}
