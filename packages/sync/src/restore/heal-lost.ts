import { isErrorCode, TributaryError } from "@tributary/kernel";
import type { LineFailure } from "../parent-line.ts";

/**
 * Does some work with the parent; when the parent turns out to have lost what it took before, a pull meets that first,
 * which sends it again, and the work is done once more. Throws what the pull was broken off by.
 */
export async function healingLost(
  work: () => Promise<void>,
  pull: () => Promise<{ readonly error: LineFailure | undefined }>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isErrorCode(error, "EPOCH_CHANGED")) throw error;
    const { error: trouble } = await pull();
    if (trouble) throw new TributaryError(trouble.code, trouble.message, trouble);
    await work();
  }
}
