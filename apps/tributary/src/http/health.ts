import { type HttpHandler, TributaryError } from "@tributary/kernel";
import { type Node, readNodeHealth } from "@tributary/runtime";
import { version } from "../version.ts";

/**
 * Answers `/health`: 200 when the node can work, 503 when its database is away. It counts nothing that grows, so that it
 * may be asked every second.
 */
export function createHealthHandler(node: Node): HttpHandler {
  const who = { node: node.id, role: node.config.node.role, version };
  return async () => {
    try {
      const { queued } = await readNodeHealth(node.database);
      return answer(200, { status: "ok", ...who, database: "ok", sequencerLag: queued });
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      node.logger.warn({ code: error.code, err: error }, "The database did not answer.");
      return answer(503, { status: "unavailable", ...who, database: error.code });
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
