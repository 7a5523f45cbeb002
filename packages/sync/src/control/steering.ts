import type { SynchronizerOptions } from "../synchronizer-options.ts";

/** What of a synchronization can be another while it runs. */
export type Steering = Required<Pick<SynchronizerOptions, "types" | "first" | "schedules" | "verify">>;
