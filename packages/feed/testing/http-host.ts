import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HttpHandler } from "@tributary/kernel";

/** A feed server behind a real socket, at `…/feed/{category}/{page}` and `…/feed/{page}`. */
export interface HttpHost extends AsyncDisposable {
  readonly base: string;
  /** Requests answered, by status. */
  readonly answered: Map<number, number>;
  /** Breaks connections instead of answering, as often as `next` says so. */
  breakWhen(next: () => boolean): void;
}

/** Serves a handler on a free port of this machine. */
export async function openHttpHost(handle: HttpHandler): Promise<HttpHost> {
  const answered = new Map<number, number>();
  let isBroken = () => false;
  const server = createServer((request, response) => {
    if (isBroken()) {
      // Half an answer, then nothing: the worst way for a line to fail.
      response.writeHead(200, { "content-type": "application/atom+xml", "content-length": "5000" });
      response.write('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>', () =>
        request.socket.destroy(),
      );
      return;
    }
    answer(handle, request, response).then(
      (status) => answered.set(status, (answered.get(status) ?? 0) + 1),
      () => request.socket.destroy(),
    );
  });
  const port = await listen(server);
  return {
    base: `http://127.0.0.1:${port}/feed`,
    answered,
    breakWhen(next) {
      isBroken = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function answer(handle: HttpHandler, request: IncomingMessage, response: ServerResponse): Promise<number> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const [page = "", category] = url.pathname
    .replace(/^\/feed\//, "")
    .split("/")
    .reverse();
  const { status, headers, body } = await handle({
    method: request.method ?? "GET",
    url,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    parameters: category === undefined ? { page } : { category, page },
    body: "",
    signal: new AbortController().signal,
  });
  response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
  return status;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
      else reject(new Error("The server has no port."));
    });
  });
}
