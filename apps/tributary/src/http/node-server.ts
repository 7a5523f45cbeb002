import { callerHeader, checkApiToken, type Node } from "@tributary/runtime";
import { createAdmission } from "./admission.ts";
import { routesOf } from "./routes.ts";
import { createHttpServer, type HttpServer } from "./server.ts";

const bytesPerMegabyte = 1_000_000;

/** Puts an open node behind an HTTP server, as its configuration says. */
export function createNodeServer(node: Node): HttpServer {
  const { http, limits } = node.config;
  return createHttpServer({
    host: http.host,
    port: http.port,
    publicUrl: http.publicUrl,
    trustProxy: http.trustProxy,
    bodyBytesMax: limits.bodyMegabytes * bytesPerMegabyte,
    routes: routesOf(node),
    checkToken: (token) => checkApiToken(node.database, token, node.clock),
    admit: createAdmission(node),
    callerHeader,
    logger: node.logger,
    random: node.random,
  });
}
