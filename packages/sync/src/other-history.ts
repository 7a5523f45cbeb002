import { isErrorCode } from "@tributary/kernel";

/**
 * Does some work with the parent; when the parent turns out to have another history than this node has read, `meet` puts
 * right what is thought of it, and the work is done once more. Throws whatever else either throws.
 */
export async function meetingOtherHistory(work: () => Promise<void>, meet: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isErrorCode(error, "EPOCH_CHANGED")) throw error;
    await meet();
    await work();
  }
}
