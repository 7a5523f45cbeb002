import { TributaryError } from "@tributary/kernel";

/** Says that a carried answer does not hold what would be asked now: it comes with the next one. */
export class NotCarried extends TributaryError {
  constructor() {
    super("REMOTE_UNAVAILABLE", "The file does not hold all that is asked for now; the next one will.", {
      retryable: true,
    });
  }
}

/** Does what a carried answer may not have everything for; the rest stays where it is, and is asked for another time. */
export async function asFarAsCarried(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof NotCarried)) throw error;
  }
}
