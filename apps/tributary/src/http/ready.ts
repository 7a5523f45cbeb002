import { type HttpHandler, TributaryError } from "@tributary/kernel";
import { type Node, readNodeHealth } from "@tributary/runtime";

/** Changes that wait for their place in the log; with so many the sequencer does not keep up, and counting ends there. */
const queuedMax = 10_000;

/**
 * Answers `/ready`: 200 while the node should be given work, 503 while it should not, since its database is away or it
 * does not keep up with what it has. A balancer asks it; `/health` says only whether the node lives.
 */
export function createReadyHandler({ database }: Pick<Node, "database">): HttpHandler {
  return async () => {
    try {
      const { queued } = await readNodeHealth(database);
      return queued < queuedMax ? answer(200, { ready: true }) : answer(503, { ready: false, because: "sequencer" });
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      return answer(503, { ready: false, because: error.code });
    }
  };
}

function answer(status: number, body: object) {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}
