import type { Right } from "@tributary/admin-api";
import type { HttpHandler } from "@tributary/kernel";
import type { Node } from "@tributary/runtime";
import { adminRoutesOf } from "./admin/admin-routes.ts";
import { bulkRoutesOf } from "./bulk/bulk-routes.ts";
import { createConsoleHandler } from "./console/console-handler.ts";
import { createHealthHandler } from "./health.ts";
import { createMetricsHandler } from "./metrics.ts";
import { createReadyHandler } from "./ready.ts";
import type { ErrorStyle, Route } from "./route.ts";
import { createStatusPage } from "./status-page.ts";

const readMethods = ["GET", "HEAD"];
const fhirMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Every door of a node, from top to bottom. The paths under `/openmrs/ws/atomfeed` and `/ws/atomfeed` are where readers
 * of the historic feeds look.
 */
export function routesOf(node: Node): readonly Route[] {
  const { fhir, feed, config } = node;
  const serveConsole = createConsoleHandler();
  const [fhirCaller, feedCaller] = [config.fhir.access, config.feed.access];
  const records = { methods: fhirMethods, caller: fhirCaller, tokenRight: seePeople, errors: fhirErrors };
  return [
    { methods: readMethods, path: "/", caller: "public", errors: "text", handler: createStatusPage(node) },
    {
      methods: readMethods,
      path: "/health",
      caller: "public",
      errors: "json",
      handler: createHealthHandler(node),
      isQuiet: true,
    },
    {
      methods: readMethods,
      path: "/ready",
      caller: "public",
      errors: "json",
      handler: createReadyHandler(node),
      isQuiet: true,
    },
    {
      methods: readMethods,
      path: "/metrics",
      caller: config.metrics.access === "open" ? "open" : { right: "watch" },
      errors: textErrors,
      handler: createMetricsHandler(node),
      isQuiet: true,
    },
    {
      methods: readMethods,
      path: "/fhir/metadata",
      caller: "public",
      errors: "fhir",
      handler: at("metadata", fhir.handle),
    },
    ...bulkRoutesOf(node),
    { ...records, path: "/fhir", handler: at("", fhir.handle) },
    { ...records, path: "/fhir/*", handler: fhir.handle },
    ...["/feed", "/openmrs/ws/atomfeed", "/ws/atomfeed"].flatMap((base) => [
      { methods: readMethods, path: `${base}/:page`, caller: feedCaller, errors: textErrors, handler: feed.handle },
      {
        methods: readMethods,
        path: `${base}/:category/:page`,
        caller: feedCaller,
        errors: textErrors,
        handler: feed.handle,
      },
    ]),
    { methods: readMethods, path: "/console", caller: "public", errors: "text", handler: at("", serveConsole) },
    { methods: readMethods, path: "/console/*", caller: "public", errors: "text", handler: serveConsole },
    ...adminRoutesOf(node),
    ...node.syncRoutes.map(
      ({ method, path, handler }): Route => ({
        methods: [method],
        path: `/sync/v1${path}`,
        caller: "node",
        errors: "json",
        handler,
      }),
    ),
  ];
}

const textErrors: ErrorStyle = "text";
const fhirErrors: ErrorStyle = "fhir";
const seePeople: Right = "see-people";

/** Lets a handler that expects the rest of the path stand behind a path without one. */
function at(path: string, handler: HttpHandler): HttpHandler {
  return (request) => handler({ ...request, parameters: { ...request.parameters, path } });
}
