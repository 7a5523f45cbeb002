import { type Direction, type Pause, pauseLink, resumeLink } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";
import { operatorOf } from "./operator.ts";
import { printable } from "./text-table.ts";

/** Which directions of the link are meant; both when neither is named. */
export interface DirectionOptions {
  readonly dir: string;
  readonly push?: boolean;
  readonly pull?: boolean;
  /** Who decides. */
  readonly as?: string;
  readonly json?: boolean;
}

/** `tributary pause`: stops one or both directions until somebody lets them go on; the node may be running. */
export async function pause(
  options: DirectionOptions & { readonly reason: string },
  terminal: Terminal,
): Promise<void> {
  const { config, database } = await openDatabaseAt(options.dir, terminal);
  await using _ = database;
  const actor = { ...operatorOf(config.node.id, options.as, terminal), reason: options.reason };
  const pauses = await database.transaction((tx) => pauseLink(tx, directionsOf(options), actor));
  tell(pauses, options, terminal);
}

/** `tributary resume`: lets one or both directions go on; a running node does so in its next round. */
export async function resume(options: DirectionOptions, terminal: Terminal): Promise<void> {
  const { config, database } = await openDatabaseAt(options.dir, terminal);
  await using _ = database;
  const actor = operatorOf(config.node.id, options.as, terminal);
  const pauses = await database.transaction((tx) => resumeLink(tx, directionsOf(options), actor));
  tell(pauses, options, terminal);
}

/** One pause as a sentence. */
export function describePause({ direction, pausedAt, pausedBy, reason }: Pause): string {
  const since = new Date(pausedAt).toISOString();
  return printable(`${direction} paused by ${pausedBy} since ${since}: ${reason}`);
}

function tell(pauses: readonly Pause[], { json }: DirectionOptions, terminal: Terminal): void {
  if (json) terminal.print(JSON.stringify({ pauses }));
  else if (pauses.length === 0) terminal.note("Nothing is paused.");
  else for (const one of pauses) terminal.note(describePause(one));
}

function directionsOf({ push = false, pull = false }: DirectionOptions): readonly Direction[] {
  if (push === pull) return ["push", "pull"];
  return push ? ["push"] : ["pull"];
}
