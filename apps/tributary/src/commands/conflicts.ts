import { type Conflict, listOpenConflicts } from "@tributary/sync";
import type { Terminal } from "../terminal.ts";
import { openDatabaseAt } from "./node-at.ts";

/** Conflicts listed at a time, the oldest first; more than anybody decides at one sitting. */
const listedMax = 500;

export interface ConflictsOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** `tributary conflicts`: what waits for a decision. Values are shown only as JSON, since they tell of patients. */
export async function conflicts({ dir, json }: ConflictsOptions, terminal: Terminal): Promise<void> {
  const { database } = await openDatabaseAt(dir, terminal);
  await using _ = database;
  const open = await listOpenConflicts(database, listedMax);
  terminal.print(json ? JSON.stringify(open) : describe(open));
}

function describe(open: readonly Conflict[]): string {
  if (open.length === 0) return "No open conflicts.";
  return open
    .map(({ type, id, element, theirNode, openedAt }) => {
      const since = new Date(openedAt).toISOString();
      return `${type}/${id}  ${element.path}  ${element.because}, pushed by ${theirNode}, shows ${element.shown}, since ${since}`;
    })
    .join("\n");
}
