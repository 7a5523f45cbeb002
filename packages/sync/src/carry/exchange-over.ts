import type { Exchange } from "../line/exchange.ts";
import type { SyncRoute } from "../sync-server.ts";

/** A line that ends in a node's handlers, without sockets: what it answers is what a server would. */
export function exchangeOver(routes: readonly SyncRoute[]): Exchange {
  return async (request, signal) => {
    signal.throwIfAborted();
    const path = request.url.pathname.replace(/^\/sync\/v1/, "");
    for (const route of routes) {
      const parameters = route.method === request.method ? match(route.path, path) : undefined;
      if (!parameters) continue;
      const answer = await route.handler({
        method: request.method,
        url: request.url,
        headers: request.headers,
        parameters,
        body: request.body ?? "",
        signal,
      });
      const body = typeof answer.body === "string" ? Buffer.from(answer.body) : (answer.body ?? new Uint8Array());
      request.onPart?.(body, answer.status);
      return { status: answer.status, headers: answer.headers, body, wireBytes: body.byteLength };
    }
    return { status: 404, headers: {}, body: new Uint8Array(), wireBytes: 0 };
  };
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(":")) parameters[part.slice(1)] = decodeURIComponent(given[at]!);
    else if (part !== given[at]) return undefined;
  }
  return parameters;
}
