/** A process may take long to start beside others. */
const patienceMs = 120_000;
const againMs = 100;

/** Waits until a node that has been started answers on its port. Throws what its last refusal was when it never does. */
export async function untilServing(port: number): Promise<void> {
  for (const givenUpAt = Date.now() + patienceMs; ; ) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch (error) {
      if (Date.now() > givenUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}
