import { appendAudit, auditDraft } from "@tributary/audit";
import { type Reader, sql, type Transaction } from "@tributary/database";
import { type NodeId, TributaryError } from "@tributary/kernel";
import { readParentLink } from "../enrolment/parent-link.ts";
import { type Direction, directions } from "./direction.ts";
import { plainReason } from "./plain-reason.ts";

/** A direction of the link to the parent that somebody has stopped, until somebody lets it go on. */
export interface Pause {
  readonly direction: Direction;
  /** Milliseconds since 1970. */
  readonly pausedAt: number;
  /** The user on whose behalf it was stopped. */
  readonly pausedBy: string;
  readonly reason: string;
}

/** Who pauses or resumes, at which node, and when. */
export interface ControlActor {
  readonly nodeId: NodeId;
  readonly author: string;
  readonly now: number;
}

interface PauseRow {
  readonly direction: Direction;
  readonly paused_at: number;
  readonly paused_by: string;
  readonly reason: string;
}

const readAll = sql(
  "select direction, paused_at, paused_by, reason from link_pauses where parent = $1 order by direction desc",
);
const putOne = sql(`
  insert into link_pauses (parent, direction, paused_at, paused_by, reason) values ($1, $2, $3, $4, $5)
  on conflict (parent, direction) do nothing`);
const dropOne = sql("delete from link_pauses where parent = $1 and direction = $2");

/** The directions of the link to a parent that are paused, the push first. */
async function readPauses(reader: Reader, parent: string): Promise<Pause[]> {
  const rows = await reader.all<PauseRow>(readAll, [parent]);
  return rows.map((row) => ({
    direction: row.direction,
    pausedAt: row.paused_at,
    pausedBy: row.paused_by,
    reason: row.reason,
  }));
}

/** The paused directions of the link that this node has; none at a node without a parent. */
export async function readLinkPauses(reader: Reader): Promise<Pause[]> {
  const link = await readParentLink(reader);
  return link ? readPauses(reader, link.parent) : [];
}

/**
 * Pauses some directions of the link to the parent, with a trace in the audit trail; a direction that is paused already
 * keeps its older pause. It outlives restarts. A round that is under way ends first.
 *
 * Returns all pauses. Throws `NOT_ENROLLED`, and `CONFIG_INVALID` when the reason is empty.
 */
export async function pauseLink(
  tx: Transaction,
  wanted: readonly Direction[],
  actor: ControlActor & { readonly reason: string },
): Promise<Pause[]> {
  const { author, now } = actor;
  const reason = plainReason(actor.reason);
  if (reason === "") throw new TributaryError("CONFIG_INVALID", "A link is paused only with a reason.");
  const parent = await parentOf(tx);
  for (const direction of inOrder(wanted)) {
    const isNew = (await tx.run(putOne, [parent, direction, now, author, reason])) > 0;
    if (isNew) await audit(tx, parent, actor, `${direction}-paused`, reason);
  }
  return readPauses(tx, parent);
}

/** Lets some directions go on, with a trace in the audit trail. Returns the pauses that are left. Throws `NOT_ENROLLED`. */
export async function resumeLink(tx: Transaction, wanted: readonly Direction[], actor: ControlActor): Promise<Pause[]> {
  const parent = await parentOf(tx);
  for (const direction of inOrder(wanted)) {
    const wasPaused = (await tx.run(dropOne, [parent, direction])) > 0;
    if (wasPaused) await audit(tx, parent, actor, `${direction}-resumed`, null);
  }
  return readPauses(tx, parent);
}

/** Throws `SYNC_PAUSED`, with who paused it and why, when one of some directions is paused. */
export async function requireNotPaused(reader: Reader, wanted: readonly Direction[]): Promise<void> {
  const pause = (await readLinkPauses(reader)).find(({ direction }) => wanted.includes(direction));
  if (pause) throw pausedError(pause);
}

function pausedError({ direction, pausedAt, pausedBy, reason }: Pause): TributaryError {
  const since = new Date(pausedAt).toISOString();
  return new TributaryError("SYNC_PAUSED", `The ${direction} has been paused by ${pausedBy} since ${since}: ${reason}`);
}

async function parentOf(reader: Reader): Promise<string> {
  const link = await readParentLink(reader);
  if (link) return link.parent;
  throw new TributaryError("NOT_ENROLLED", "This node has no parent, so there is nothing to pause or to resume.");
}

function inOrder(wanted: readonly Direction[]): Direction[] {
  return directions.filter((direction) => wanted.includes(direction));
}

async function audit(
  tx: Transaction,
  parent: string,
  { nodeId, author, now }: ControlActor,
  outcome: string,
  reason: string | null,
): Promise<void> {
  await appendAudit(tx, nodeId, [
    auditDraft({
      at: now,
      actor: author,
      operation: "configure",
      link: parent,
      outcome,
      error: reason,
    }),
  ]);
}
