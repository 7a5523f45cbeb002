import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openHttpExchange } from "./http-exchange.ts";

const live = new AbortController().signal;

/** A server that answers with what it received: the encoding, the bytes on the wire, and the text. */
async function openEcho() {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const bytes = Buffer.concat(parts);
      const encoding = request.headers["content-encoding"] ?? null;
      const text = (encoding === "zstd" ? zstdDecompressSync(bytes) : bytes).toString();
      response.end(JSON.stringify({ encoding, bytes: bytes.byteLength, text }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

describe("a line over HTTP", () => {
  it.each([
    ["a small body as it is", "x".repeat(200), null],
    ["a larger body compressed", '{"reference":"Patient/ü"}'.repeat(100), "zstd"],
  ])("[S55] sends %s, and counts what went over the wire", async (_, body, encoding) => {
    await using echo = await openEcho();
    await using exchange = await openHttpExchange();

    const answer = await exchange({ method: "POST", url: echo.url, headers: {}, body }, live);

    const heard = JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, unknown>;
    expect(heard).toEqual({ encoding, bytes: answer.sentBytes, text: body });
    expect(answer.sentBytes).toBeLessThanOrEqual(encoding ? body.length / 10 : body.length);
  });
});
