import type { StatusAnswer } from "@tributary/admin-api";
import { counted } from "./counted.ts";
import { describePause } from "./pause.ts";
import { describeBeginning } from "./snapshot-progress-text.ts";
import { printable } from "./text-table.ts";

type Link = NonNullable<StatusAnswer["parent"]>;

/** A node as a person reads of it: what there is to say, and no word about what there is none of. */
export function describeStatus({
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
  const announcing = queued > 0 ? `, ${queued} waiting to be` : "";
  const lines = [
    `${role} ${node} (${database}): ${counted(records, "record")}, ${counted(announced, "change")} announced${announcing}`,
  ];
  if (role !== "parent") lines.push(`installation ${installation}`);
  if (role !== "parent") {
    lines.push(
      parent
        ? `parent ${parent.parent} at ${parent.url}: ${describeLink(parent)}; last pull ${moment(parent.lastPullAt)}${outcome(parent)}`
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
        : `verified at ${moment(verifiedAt)}: ${outcome}, ${counted(differences, "difference")}; identical at ${moment(identicalAt)}`,
    );
  }
  if (parent?.beginning) {
    lines.push(`beginning: ${describeBeginning(parent.beginning)}`);
  }
  for (const pause of parent?.pauses ?? []) lines.push(describePause(pause));
  const held = Object.entries(parent?.heldPulls ?? {}).map(([type, count]) => `${count} ${type}`);
  if (heldPushes > 0) lines.push(`held back from the push by push.types: ${counted(heldPushes, "unit")}`);
  if (held.length > 0) lines.push(`held back from the pull by pull.types: ${held.join(", ")}`);
  for (const child of children) {
    const place =
      child.behind === null
        ? "has not read yet"
        : child.behind === 0
          ? "in step"
          : `${counted(child.behind, "change")} behind`;
    lines.push(`child ${child.node}: ${child.isRevoked ? "revoked" : place}; last seen ${moment(child.lastSeenAt)}`);
  }
  if (openConflicts > 0) lines.push(`${counted(openConflicts, "open conflict")}; see \`tributary conflicts\``);
  return lines.map(printable).join("\n");
}

/** `read 7 of 9, 1 record waits; 2 units to send, 1 refused`, and `read 9 of 9; everything is sent`. */
function describeLink({ position, head, waiting, unsent, refused, parked, delayed }: Link): string {
  const waits = waiting === 0 ? "" : `, ${counted(waiting, "record")} ${waiting === 1 ? "waits" : "wait"}`;
  const left = [
    ...(unsent > 0 ? [`${counted(unsent, "unit")} to send`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(parked > 0 ? [`${parked} parked`] : []),
    ...(delayed > 0 ? [`${delayed} stepped over`] : []),
  ];
  return `read ${position} of ${head}${waits}; ${left.join(", ") || "everything is sent"}`;
}

/** `sent 120, at hub-1 120, at root 118` */
function describeReach({ made, tiers }: Link["reach"]): string {
  return [`sent ${made}`, ...tiers.map(({ node, through }) => `at ${node} ${through}`)].join(", ");
}

function outcome({ lastOutcome, lastError }: Link): string {
  if (!lastOutcome) return "";
  return lastError ? ` (${lastOutcome}, ${lastError})` : ` (${lastOutcome})`;
}

function moment(ms: number | null): string {
  return ms === null ? "never" : new Date(ms).toISOString();
}
