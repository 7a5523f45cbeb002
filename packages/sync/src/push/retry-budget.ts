/** Extra requests that may be made for each ordinary one: a parent in trouble gets at most a tenth more. */
const extraPerRequest = 0.1;
/** Extra requests saved up at most; isolating one unit among five hundred takes some twelve. */
const savedMax = 20;

/**
 * How many requests a line may spend on doing again, in smaller parts, what failed: a token bucket that ordinary requests
 * fill. It belongs to the line and outlives a round, so that trouble that lasts does not multiply requests.
 */
export class RetryBudget {
  #saved = savedMax;

  /** An ordinary request was made. */
  earn(): void {
    this.#saved = Math.min(savedMax, this.#saved + extraPerRequest);
  }

  /** Asks for one extra request; `false` when there is none left, and the next round has to do. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
