import { Readable } from "node:stream";
import { type Right, type Role, roleMay } from "@tributary/admin-api";
import { type HttpResponse, type Logger, type Random, TributaryError } from "@tributary/kernel";
import type { TokenHolder } from "@tributary/runtime";
import { type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Admit } from "./admission.ts";
import { addressHeader, roleHeader } from "./caller-headers.ts";
import { tokenOf } from "./credentials.ts";
import { explainNotFound } from "./nearest-route.ts";
import { type Refusal, refusalOf, writeRefusal } from "./refusal.ts";
import { refusalBy, refuse } from "./refuse.ts";
import { bodyTooLarge, readRequestBody } from "./request-body.ts";
import { RequestRefused } from "./request-refused.ts";
import { compressResponse, plainTags } from "./response-compression.ts";
import type { ErrorStyle, Route } from "./route.ts";
import type { StreamedResponse } from "./streamed-response.ts";

/** How long a request's headers and body may take to arrive; a slow line carries a large Bundle within it. */
const requestTimeoutMs = 300_000;
/** Longer than the idle time of the usual proxies, so that the proxy closes first. */
const keepAliveMs = 72_000;
/** How long requests in flight may go on once the node shuts down. */
const shutdownGraceMs = 10_000;
/** The longest segment of a path that stands for a parameter. */
const parameterLengthMax = 1024;

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean;
  readonly bodyBytesMax: number;
  readonly routes: readonly Route[];
  /** Whom the living token with this text stands for, or `undefined`. */
  readonly checkToken: (token: string) => Promise<TokenHolder | undefined>;
  /** Decides about routes that ask for a right; without it nobody has any. */
  readonly admit?: Admit;
  /** In this header handlers are told the name of the caller's token; what the client sends in it is taken away. */
  readonly callerHeader: string;
  readonly logger: Logger;
  readonly random: Random;
}

/** A node's HTTP server; disposing of it stops taking requests, lets those in flight end, and cuts what lasts longer. */
export interface HttpServer extends AsyncDisposable {
  /** Where it listens, once `listen` has resolved. */
  readonly address: string;
  listen(): Promise<string>;
  /** Hands a request in without a socket, for tests. */
  readonly inject: ReturnType<typeof fastify>["inject"];
}

/** Puts the table of routes behind an HTTP server; nothing listens until `listen`. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { routes, logger, bodyBytesMax } = options;
  const shutdown = new AbortController();
  // Answers without an end would keep the node from ending.
  const closing = new AbortController();
  let address = "";
  const server = fastify({
    logger: false,
    trustProxy: options.trustProxy,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    genReqId: () => Buffer.from(options.random.bytes(8)).toString("hex"),
    routerOptions: { maxParamLength: parameterLengthMax, ignoreTrailingSlash: true },
    frameworkErrors: (_error, request, reply) => {
      const refusal = refusalBy({ status: 400, code: "structure" }, "path-unreadable", {});
      void send(reply, writeRefusal(refusal, styleAt(request.raw.url ?? "")));
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.addHook("preClose", async () => closing.abort());
  server.addHook("onResponse", async (request, reply) => logExchange(logger, request, reply));
  server.setErrorHandler((error, request, reply) => {
    const style = request.routeOptions.config.style ?? styleAt(request.url);
    return send(reply, writeRefusal(explain(error, request.id), style));
  });
  server.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    return send(reply, writeRefusal(explainNotFound(request.method, path, routes), styleAt(path)));
  });
  for (const route of routes) {
    server.route({
      method: [...route.methods],
      url: route.path,
      config: { style: route.errors, isQuiet: route.isQuiet ?? false },
      handler: (request, reply) => serve(route, request, reply),
    });
  }

  async function serve(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const refusal = await refuseStranger(request, route);
    if (refusal) return send(reply, writeRefusal(refusal, route.errors));
    const isEndless = route.isEndless ?? false;
    const gone = new AbortController();
    // An answer that was written to its end needs nobody to give up, and giving up is dear.
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const { "content-encoding": contentEncoding, "content-type": contentType } = request.headers;
    const wishes = {
      acceptEncoding: request.headers["accept-encoding"],
      ifNoneMatch: request.headers["if-none-match"],
    };
    const body = await readRequestBody(
      request.body as Buffer | undefined,
      { contentEncoding, contentType },
      bodyBytesMax,
    );
    const response = await route.handler({
      method: request.method,
      url: urlOf(request),
      headers: headersOf(request, options.callerHeader),
      parameters: parametersOf(request),
      body,
      signal: AbortSignal.any([gone.signal, shutdown.signal, ...(isEndless ? [closing.signal] : [])]),
    });
    if ("parts" in response) return sendParts(reply, response);
    return send(reply, await compressResponse(response, wishes));
  }

  async function refuseStranger(request: FastifyRequest, { caller, tokenRight }: Route): Promise<Refusal | undefined> {
    if (typeof caller === "object") return refuseWithout(caller.right, request);
    return caller === "token" ? refuseWithoutToken(request, tokenRight) : undefined;
  }

  async function refuseWithout(right: Right, request: FastifyRequest): Promise<Refusal | undefined> {
    const admission = await options.admit?.(
      { method: request.method, headers: request.headers, address: addressOf(request) },
      right,
    );
    if (admission?.kind !== "admitted") return admission?.refusal ?? nobodyMay;
    if (admission.name !== undefined) request.caller = admission.name;
    if (admission.role !== undefined) request.callerRole = admission.role;
    return undefined;
  }

  async function refuseWithoutToken(request: FastifyRequest, right: Right = "watch"): Promise<Refusal | undefined> {
    const token = tokenOf(request.headers.authorization);
    const holder = token === undefined ? undefined : await options.checkToken(token);
    if (holder) {
      request.caller = holder.name;
      request.callerRole = holder.role;
      return roleMay(holder.role, right) ? undefined : tokenMayNot;
    }
    const headers = { "www-authenticate": 'Bearer realm="tributary", Basic realm="tributary", charset="UTF-8"' };
    return refusalBy({ status: 401, code: "UNAUTHORIZED", headers }, token ? "token-wrong" : "token-needed", {});
  }

  function explain(error: unknown, requestId: string): Refusal {
    if (error instanceof RequestRefused) return error.refusal;
    const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
    if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return bodyTooLarge(bodyBytesMax).refusal;
    if (typeof code === "string" && code.startsWith("FST_") && typeof statusCode === "number" && statusCode < 500) {
      return refusalBy({ status: statusCode, code: "structure" }, "request-unreadable", {});
    }
    const refusal = refusalOf(error, requestId);
    const err = error instanceof Error ? error : new Error(String(error));
    if (refusal.status >= 500) logger.error({ requestId, err }, "A request failed.");
    return refusal;
  }

  function urlOf(request: FastifyRequest): URL {
    const base =
      options.publicUrl?.replace(/\/$/, "") ??
      `${request.protocol}://${request.host || request.raw.socket.localAddress}`;
    const url = URL.parse(base + request.url);
    if (url) return url;
    throw refuse({ status: 400, code: "structure" }, "host-unreadable", {});
  }

  function styleAt(path: string): ErrorStyle {
    const room = `/${pathOf(path).split("/")[1] ?? ""}`;
    return routes.find((route) => route.path === room || route.path.startsWith(`${room}/`))?.errors ?? "text";
  }

  return {
    get address() {
      return address;
    },
    inject: server.inject.bind(server),
    async listen() {
      try {
        address = await server.listen({ host: options.host, port: options.port });
        return address;
      } catch (cause) {
        throw explainListenFailure(cause, options);
      }
    },
    async [Symbol.asyncDispose]() {
      const cut = setTimeout(() => {
        shutdown.abort();
        server.server.closeAllConnections();
      }, shutdownGraceMs);
      await server.close();
      clearTimeout(cut);
    },
  };
}

declare module "fastify" {
  interface FastifyContextConfig {
    style?: ErrorStyle;
    isQuiet?: boolean;
  }
  interface FastifyRequest {
    /** The name of the token or the user that let the request in. */
    caller?: string;
    callerRole?: Role;
  }
}

/** Handlers parse their input themselves; without schemas the compilers for them need not be loaded at every start. */
function noSchemas(): never {
  throw new Error("no route has a schema");
}

function send(reply: FastifyReply, { status, headers, body }: HttpResponse): FastifyReply {
  reply.code(status).header("x-request-id", reply.request.id).headers(headers);
  return reply.send(body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : body);
}

/** Takes the parts as fast as the client reads them; a failure on the way can only cut the answer off. */
function sendParts(reply: FastifyReply, { status, headers, parts }: StreamedResponse): FastifyReply {
  reply.code(status).header("x-request-id", reply.request.id).headers(headers);
  return reply.send(Readable.from(parts));
}

const forbidden = { status: 403, code: "forbidden" } as const;
const tokenMayNot = refusalBy(forbidden, "people-not-for-token", {});
const nobodyMay = refusalBy(forbidden, "for-nobody", {});

function headersOf(request: FastifyRequest, callerHeader: string): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  headers[callerHeader] = request.caller;
  headers[roleHeader] = request.callerRole;
  headers[addressHeader] = addressOf(request);
  const { "if-none-match": ifNoneMatch } = headers;
  return ifNoneMatch === undefined ? headers : { ...headers, "if-none-match": plainTags(ifNoneMatch) };
}

/** The address that the nearest proxy tells; what stands before it anybody can have written. */
function addressOf(request: FastifyRequest): string {
  return request.ips?.at(1) ?? request.ip;
}

function parametersOf(request: FastifyRequest): Record<string, string> {
  const { "*": path, ...named } = request.params as Record<string, string>;
  return path === undefined ? named : { ...named, path };
}

function logExchange(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const fields = {
    requestId: request.id,
    method: request.method,
    path: pathOf(request.url),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    bytes: Number(reply.getHeader("content-length") ?? 0),
    caller: request.caller,
  };
  if (request.routeOptions.config.isQuiet) logger.debug(fields, "Answered.");
  else logger.info(fields, "Answered.");
}

/** The path without its query, whose values may be about people. */
function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

function explainListenFailure(cause: unknown, { host, port }: HttpServerOptions): unknown {
  const { code } = cause as { code?: unknown };
  const place = `${host}:${port}`;
  if (code === "EADDRINUSE") {
    return new TributaryError(
      "PORT_TAKEN",
      `Another program already listens on ${place}; stop it, or set http.port to another number.`,
      { cause },
    );
  }
  if (code === "EADDRNOTAVAIL" || code === "EACCES" || code === "ENOTFOUND") {
    return new TributaryError(
      "CONFIG_INVALID",
      `This machine does not let the node listen on ${place} (${code}); set http.host and http.port.`,
      { cause },
    );
  }
  return cause;
}
