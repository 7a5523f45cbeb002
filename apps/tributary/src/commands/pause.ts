import type { AdminAnswer, PauseAnswer } from "@tributary/admin-api";
import { type AdminOptions, openAdmin } from "../admin-connection/open-admin.ts";
import type { Terminal } from "../terminal.ts";
import { losslessJson } from "./conflict-text.ts";
import { printable } from "./text-table.ts";

/** Which directions of the link are meant; both when neither is named. */
export interface DirectionOptions extends AdminOptions {
  readonly push?: boolean;
  readonly pull?: boolean;
  readonly json?: boolean;
}

/** `tributary pause`: stops one or both directions until somebody lets them go on; the node may be running. */
export async function pause(
  options: DirectionOptions & { readonly reason: string },
  terminal: Terminal,
): Promise<void> {
  const { reason } = options;
  await using admin = await openAdmin(options, terminal);
  tell(await admin.ask("POST /pause", { body: { directions: directionsOf(options), reason } }), options, terminal);
}

/** `tributary resume`: lets one or both directions go on; a running node does so in its next round. */
export async function resume(options: DirectionOptions, terminal: Terminal): Promise<void> {
  await using admin = await openAdmin(options, terminal);
  tell(await admin.ask("POST /resume", { body: { directions: directionsOf(options) } }), options, terminal);
}

/** One pause as a sentence. */
export function describePause({ direction, pausedAt, pausedBy, reason }: PauseAnswer): string {
  const since = new Date(pausedAt).toISOString();
  return printable(`${direction} paused by ${pausedBy} since ${since}: ${reason}`);
}

function tell(told: AdminAnswer<"POST /pause">, { json }: DirectionOptions, terminal: Terminal): void {
  if (json) terminal.print(losslessJson(told));
  else if (told.pauses.length === 0) terminal.note("Nothing is paused.");
  else for (const one of told.pauses) terminal.note(describePause(one));
}

function directionsOf({ push = false, pull = false }: DirectionOptions): ("push" | "pull")[] {
  if (push === pull) return ["push", "pull"];
  return push ? ["push"] : ["pull"];
}
