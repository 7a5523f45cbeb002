import type { Clock, Random } from "@tributary/kernel";
import type { Terminal } from "../terminal.ts";
import type { RecordSource } from "./load-parent.ts";

/** What is to be shown, and with what. */
export interface DemoPlan {
  readonly source: RecordSource;
  readonly onPostgres: boolean;
  /** Where the nodes' folders go; a temporary folder when left out. */
  readonly folder: string | undefined;
  /** Leave the nodes' folders behind. */
  readonly keepsFolder: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}
