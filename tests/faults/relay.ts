import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as send } from "node:http";

/** A whole request, as it stood on the wire. */
export interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent: compressed, if it was. */
  readonly body: Buffer;
}

/** What is to happen to one request. */
export interface Treatment {
  /** The server does what is asked, and its answer never arrives. */
  readonly losesAnswer?: boolean;
  /** The request arrives again, each time so many milliseconds after its first answer. */
  readonly repeatsAfterMs?: readonly number[];
}

/** What has gone through a relay, and what it has done. */
export interface RelayCounts {
  readonly requests: number;
  /** Answers that carried something. */
  readonly bodies: number;
  readonly lostAnswers: number;
  readonly repeats: number;
}

/** An HTTP relay in front of a server, that loses answers and repeats requests as no TCP line can. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly counts: RelayCounts;
}

/**
 * Opens a relay to a local port. Each request goes through whole, as `treat` says; a repeated one may arrive after later
 * ones of the same sender. When the server gives no answer, the sender's connection is cut.
 */
export async function openRelay(
  targetPort: number,
  treat: (request: CapturedRequest) => Treatment = () => ({}),
): Promise<Relay> {
  const counts = { requests: 0, bodies: 0, lostAnswers: 0, repeats: 0 };
  const timers = new Set<NodeJS.Timeout>();

  const server = createServer(async (incoming, outgoing) => {
    counts.requests += 1;
    try {
      const captured = await capture(incoming);
      const { losesAnswer, repeatsAfterMs = [] } = treat(captured);
      const answer = await sendTo(targetPort, captured);
      if (answer.body.length > 0) counts.bodies += 1;
      for (const afterMs of repeatsAfterMs) repeatLater(captured, afterMs);
      if (losesAnswer) {
        counts.lostAnswers += 1;
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    } catch {
      outgoing.destroy();
    }
  });

  function repeatLater(captured: CapturedRequest, afterMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      sendTo(targetPort, captured).then(
        () => {
          counts.repeats += 1;
        },
        () => {},
      );
    }, afterMs);
    timers.add(timer);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The machine gave no port.");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    counts,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Sends a request to a local port as it was captured, or changed; resolves with the whole answer. */
export async function sendTo(port: number, { method, path, headers, body }: CapturedRequest) {
  const { "transfer-encoding": _, ...others } = headers;
  const sent = send({
    port,
    host: "127.0.0.1",
    method,
    path,
    headers: { ...others, "content-length": body.length },
    agent: false,
  });
  sent.on("error", () => {});
  // A server may answer before it has read everything, and close: the answer counts, not the broken pipe.
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bodyOf(answer) };
}

async function capture(incoming: IncomingMessage): Promise<CapturedRequest> {
  const { method = "GET", url: path = "/", headers } = incoming;
  return { method, path, headers, body: await bodyOf(incoming) };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
