import { type NodeId, systemClock } from "@tributary/kernel";
import type { ControlActor } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";

/** On whose behalf a command acts: whoever it names, else the user of this terminal. */
export function operatorOf(node: string, as: string | undefined, terminal: Terminal): ControlActor {
  return {
    nodeId: node as NodeId,
    author: authorOf(as, terminal),
    now: systemClock.now(),
  };
}

/** Who acts: whoever the command names, else the user of this terminal. */
export function authorOf(as: string | undefined, { environment }: Terminal): string {
  return as ?? environment["USER"] ?? "command line";
}
