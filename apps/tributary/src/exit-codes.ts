import { type ErrorCode, TributaryError } from "@tributary/kernel";

/** How the program ends; scripts may rely on these numbers. */
export const exitCodes = {
  /** It did what was asked. */
  done: 0,
  /** It could not: the world failed, or nodes did not converge. */
  failed: 1,
  /** What was asked cannot be understood: the command line, the configuration, the state of the folder. */
  misused: 2,
} as const;

const misuse: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_INVALID",
  "CONFIG_MISSING",
  "ALREADY_INITIALISED",
  "NODE_VERSION",
  "NOT_ENROLLED",
  "SYNC_PAUSED",
  "NOT_THERE",
  "CONFLICT_UNKNOWN",
  "CATCHMENT_REFUSED",
]);

/** The exit code that tells a script what kind of failure it was. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TributaryError && misuse.has(error.code) ? exitCodes.misused : exitCodes.failed;
}
