import { TributaryError } from "@tributary/kernel";

/** Does some work with a file, and says so in a sentence when somebody stops it. */
export async function untilStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!signal.aborted || error instanceof TributaryError) throw error;
    throw new TributaryError("REMOTE_UNAVAILABLE", "It was stopped; the same file goes on from here.", {
      cause: error,
      retryable: true,
    });
  }
}
