import type { Database } from "@tributary/database";
import { createFeedServer, defaultIdentity } from "@tributary/feed";
import { systemClock as clock } from "@tributary/kernel";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";

/** A running server of the hospital's feeds. */
export interface RunningFeed extends AsyncDisposable {
  /** The page of the newest events of all categories. */
  readonly url: string;
}

/** Serves `/feed/recent`, `/feed/{number}` and the same for each category under `/feed/{category}/`. */
export async function serveFeed(database: Database, port: number): Promise<RunningFeed> {
  const feed = createFeedServer({
    database,
    clock,
    identity: { ...defaultIdentity, title: "Hospital", author: "Hospital" },
  });
  const server = fastify();

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const gone = new AbortController();
    request.raw.once("close", () => gone.abort());
    const { status, headers, body } = await feed.handle({
      method: request.method,
      url: new URL(request.url, `http://${request.host}`),
      headers: request.headers as Record<string, string | undefined>,
      parameters: request.params as Record<string, string>,
      body: "",
      signal: gone.signal,
    });
    await reply.code(status).headers(headers).send(body);
  }
  server.get("/feed/:page", answer);
  server.get("/feed/:category/:page", answer);
  const address = await server.listen({ host: "127.0.0.1", port });
  return { url: `${address}/feed/recent`, [Symbol.asyncDispose]: () => server.close() };
}
