import type { StatusAnswer } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { describePause } from "./pause.ts";
import { describeBeginning } from "./snapshot-progress-text.ts";
import { printable } from "./text-table.ts";

export interface StatusOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `tributary status`: what a node holds and how far it is in step, for a person or for a program. */
export async function status(options: StatusOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  const told = await admin.ask("GET /status");
  terminal.print(options.json ? losslessJson(told) : describe(told));
}

function describe({
  node,
  installation,
  role,
  database,
  records,
  announced,
  queued,
  parent,
  children,
  openConflicts,
  heldPushes,
}: StatusAnswer): string {
  const lines = [
    `${role} ${node} (${database}): ${records} records, ${announced} changes announced, ${queued} waiting to be`,
  ];
  if (role !== "parent") lines.push(`installation ${installation}`);
  if (role !== "parent") {
    lines.push(
      parent
        ? `parent ${parent.parent} at ${parent.url}: read ${parent.position} of ${parent.head}, ${parent.waiting} records wait; ${parent.unsent} units to send, ${parent.refused} refused, ${parent.parked} parked, ${parent.delayed} stepped over; last pull ${moment(parent.lastPullAt)}${outcome(parent)}`
        : "parent: none yet; run `tributary enrol --parent URL --code CODE`",
    );
  }
  const { waiting = 0, refused = 0 } = parent?.decisions ?? {};
  if (waiting > 0) lines.push(`decisions about conflicts that the parent has not taken note of yet: ${waiting}`);
  if (refused > 0)
    lines.push(`decisions about conflicts that the parent refused: ${refused}; see \`tributary failed\``);
  if (parent && parent.reach.made > 0) lines.push(describeReach(parent.reach));
  if (parent?.verified) {
    const { outcome, verifiedAt, identicalAt, differences } = parent.verified;
    lines.push(
      outcome === "identical"
        ? `verified identical at ${moment(identicalAt)}`
        : `verified at ${moment(verifiedAt)}: ${outcome}, ${differences} differences; identical at ${moment(identicalAt)}`,
    );
  }
  if (parent?.beginning) {
    lines.push(`beginning: ${describeBeginning(parent.beginning)}`);
  }
  for (const pause of parent?.pauses ?? []) lines.push(describePause(pause));
  const held = Object.entries(parent?.heldPulls ?? {}).map(([type, count]) => `${count} ${type}`);
  if (heldPushes > 0) lines.push(`held back from the push by push.types: ${heldPushes} units`);
  if (held.length > 0) lines.push(`held back from the pull by pull.types: ${held.join(", ")}`);
  for (const child of children) {
    const place = child.behind === null ? "has not read yet" : `${child.behind} changes behind`;
    lines.push(`child ${child.node}: ${child.isRevoked ? "revoked" : place}; last seen ${moment(child.lastSeenAt)}`);
  }
  if (openConflicts > 0) lines.push(`${openConflicts} open conflicts; see \`tributary conflicts\``);
  return lines.map(printable).join("\n");
}

/** `sent 120, at hub-1 120, at root 118` */
function describeReach({ made, tiers }: NonNullable<StatusAnswer["parent"]>["reach"]): string {
  return [`sent ${made}`, ...tiers.map(({ node, through }) => `at ${node} ${through}`)].join(", ");
}

function outcome({ lastOutcome, lastError }: NonNullable<StatusAnswer["parent"]>): string {
  if (!lastOutcome) return "";
  return lastError ? ` (${lastOutcome}, ${lastError})` : ` (${lastOutcome})`;
}

function moment(ms: number | null): string {
  return ms === null ? "never" : new Date(ms).toISOString();
}
