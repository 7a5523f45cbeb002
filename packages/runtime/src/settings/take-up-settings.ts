import { type Clock, type Logger, type Random, WorkerLoop } from "@tributary/kernel";
import type { SettingsInForce } from "./settings-in-force.ts";

/** How long what another program has set may wait, such as the command line; this one's own is taken up at once. */
const lookEveryMs = 2_000;

/** Begins to look for what is set. What cannot be used is logged, and what was in force goes on being so. */
export function takeUpSettings(
  settings: SettingsInForce,
  surroundings: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
): WorkerLoop {
  return new WorkerLoop({
    name: "settings",
    pollMs: lookEveryMs,
    backoff: { firstMs: 1_000, maximumMs: 60_000 },
    round: async () => {
      await settings.look();
      return "idle";
    },
    ...surroundings,
  });
}
