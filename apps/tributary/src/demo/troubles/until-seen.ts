import { TributaryError } from "@tributary/kernel";
import type { DemoPlan } from "../demo-plan.ts";

const lookEveryMs = 200;
/** What is waited for comes within seconds; a machine that is busy with tests may need more. */
const seenWithinMs = 120_000;

/** Looks until there is something to be seen. Throws `REMOTE_UNAVAILABLE`, with `what` in the sentence, when it never comes. */
export async function untilSeen<Seen>(
  { clock, signal }: Pick<DemoPlan, "clock" | "signal">,
  what: string,
  look: () => Promise<Seen | undefined>,
): Promise<Seen> {
  const givenUpAt = clock.now() + seenWithinMs;
  for (;;) {
    signal.throwIfAborted();
    const seen = await look();
    if (seen !== undefined) return seen;
    if (clock.now() > givenUpAt) throw new TributaryError("REMOTE_UNAVAILABLE", `It never came to this: ${what}.`);
    await clock.sleep(lookEveryMs, signal);
  }
}
