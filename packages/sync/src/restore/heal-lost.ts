import { TributaryError } from "@tributary/kernel";
import { meetingOtherHistory } from "../other-history.ts";
import type { LineFailure } from "../parent-line.ts";

/**
 * Does some work with the parent; when the parent turns out to have lost what it took before, a pull meets that first,
 * which sends it again, and the work is done once more. Throws what the pull was broken off by.
 */
export function healingLost(
  work: () => Promise<void>,
  pull: () => Promise<{ readonly error: LineFailure | undefined }>,
): Promise<void> {
  return meetingOtherHistory(work, async () => {
    const { error: trouble } = await pull();
    if (trouble) throw new TributaryError(trouble.code, trouble.message, trouble);
  });
}
