import { systemClock } from "@tributary/kernel";

/** A process may take long to start beside others. */
const patienceMs = 120_000;
const againMs = 100;

/** Waits until a node that has been started answers on its port. Throws when it never does. */
export async function untilServing(port: number): Promise<void> {
  for (const givenUpAt = Date.now() + patienceMs; !(await isServing(port)); await systemClock.sleep(againMs)) {
    if (Date.now() > givenUpAt) throw new Error(`Nothing serves on port ${port}.`);
  }
}

async function isServing(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
