import { readFile } from "node:fs/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { AdminFetchAnswer, AdminFetchRequest } from "@tributary/admin-api";
import { TributaryError } from "@tributary/kernel";
import type { Terminal } from "../terminal.ts";
import type { AdminWay } from "./admin-way.ts";

/** A line on which nobody has answered for so long is taken for dead; a proxy on a thin line answers within it. */
const connectWithinMs = 30_000;
/** A token has less than a hundred characters; what is much larger is another file. */
const tokenLengthMax = 4_096;

/** Where a running node stands, and how to be known there. */
export interface RemotePlace {
  readonly address: string;
  readonly tokenFile: string | undefined;
}

/** Opens the way to a running node over HTTP. An answer may take as long as the round that it tells of. */
export async function openRemoteNode({ address, tokenFile }: RemotePlace, terminal: Terminal): Promise<AdminWay> {
  const base = baseOf(address);
  const token = await tokenOf(tokenFile, terminal);
  return {
    base,
    fetch: (asked, request) => send(asked, request, token),
    async [Symbol.asyncDispose]() {},
  };
}

/** `https://central.example.org/` becomes `https://central.example.org/admin/v1`. */
function baseOf(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw misuse(`${JSON.stringify(address)} is no address of a node; write it like https://central.example.org.`);
  }
  // The token goes over this line; only to this very machine it needs no encryption.
  if (url.protocol === "http:" && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)) {
    throw misuse(`The token would go to ${url.host} as everybody can read it; use an address that begins with https.`);
  }
  return `${url.origin}${url.pathname.replace(/\/$/, "")}/admin/v1`;
}

async function tokenOf(file: string | undefined, { environment }: Terminal): Promise<string> {
  const text = file === undefined ? environment["TRIBUTARY_TOKEN"] : await readToken(file);
  const token = text?.trim() ?? "";
  if (token === "") {
    throw new TributaryError(
      "UNAUTHORIZED",
      "A running node asks for a token: put it into TRIBUTARY_TOKEN, or into a file that --token-file names.",
    );
  }
  if (/^[\x21-\x7e]+$/.test(token) && token.length <= tokenLengthMax) return token;
  throw misuse(`What stands in ${file ?? "TRIBUTARY_TOKEN"} is no token; \`tributary token create\` makes one.`);
}

async function readToken(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new TributaryError("INPUT_UNREADABLE", `${file} cannot be read.`, { cause });
  }
}

async function send(address: string, asked: AdminFetchRequest, token: string): Promise<AdminFetchAnswer> {
  const url = new URL(address);
  const explained = (cause: unknown) => unreachable(url, cause, asked.signal);
  const answer = await exchange(url, asked, token).catch((cause: unknown) => {
    throw explained(cause);
  });
  const status = answer.statusCode ?? 0;
  const body = partsOf(answer, explained);
  return {
    status,
    ok: status >= 200 && status < 300,
    body,
    async text() {
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      return Buffer.concat(parts).toString("utf8");
    },
  };
}

async function* partsOf(answer: IncomingMessage, explained: (cause: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    yield* answer as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw explained(cause);
  }
}

/** Node's own `fetch` is slow to load, and gives an answer up that does not begin within five minutes. */
function exchange(url: URL, { method, headers, body, signal }: AdminFetchRequest, token: string) {
  const isSecure = url.protocol === "https:";
  const request = isSecure ? requestHttps : requestHttp;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, accept: "application/json, */*" },
      ...(signal ? { signal } : {}),
    });
    sent.on("response", resolve).on("error", reject);
    sent.once("socket", (socket) => {
      if (!socket.connecting) return;
      socket.setTimeout(connectWithinMs, () =>
        sent.destroy(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })),
      );
      socket.once(isSecure ? "secureConnect" : "connect", () => socket.setTimeout(0));
    });
    sent.end(body);
  });
}

function unreachable({ origin }: URL, cause: unknown, signal: AbortSignal | undefined): TributaryError {
  if (signal?.aborted) {
    const sentence = "Broken off here; the node ends by itself what it was doing for it.";
    return new TributaryError("REMOTE_UNAVAILABLE", sentence, { cause });
  }
  const { code = "no code" } = cause as { readonly code?: string };
  const isDistrusted = /CERT|TLS|SSL|SIGNATURE/.test(code);
  const why = isDistrusted ? `its certificate is not trusted here (${code})` : `it cannot be reached (${code})`;
  return new TributaryError("REMOTE_UNAVAILABLE", `Nobody answered at ${origin}: ${why}.`, { cause, retryable: true });
}

function misuse(sentence: string): TributaryError {
  return new TributaryError("CONFIG_INVALID", sentence);
}
