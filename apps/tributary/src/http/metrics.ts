import type { HttpHandler } from "@tributary/kernel";
import { type Node, readMetrics } from "@tributary/runtime";

/** Answers `/metrics` for Prometheus; docs/reference/metrics.md names each. */
export function createMetricsHandler(node: Node): HttpHandler {
  return async () => ({
    status: 200,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    body: await readMetrics(node),
  });
}
