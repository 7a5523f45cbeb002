import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { HttpRequest, HttpResponse } from "@tributary/kernel";
import { callerHeader, type Node } from "@tributary/runtime";
import type { BulkExports } from "@tributary/sync";
import { RequestRefused } from "../request-refused.ts";
import { preferredEncoding } from "../response-compression.ts";
import type { Route } from "../route.ts";
import type { StreamedResponse } from "../streamed-response.ts";
import { exportManifest } from "./export-manifest.ts";
import { readKickOff } from "./read-kick-off.ts";

/** Seconds after which a client may ask again. */
const askAgainSeconds = "5";
const waitSeconds = "60";

const exportsPath = "/fhir/bulk-exports";

/**
 * The doors of FHIR Bulk Data Access, for administrators and API tokens: to begin an export of a group, to ask how it
 * stands or end it, and to take its files. None at a child. See https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
export function bulkRoutesOf({ bulkExports, id }: Node): readonly Route[] {
  if (!bulkExports) return [];
  const route = (methods: readonly string[], path: string, handler: Route["handler"]): Route => ({
    methods,
    path,
    caller: { right: "administer" },
    errors: "fhir",
    handler,
  });
  return [
    route(["GET"], "/fhir/Group/:id/$export", (request) => kickOff(request, bulkExports, id)),
    route(["GET"], `${exportsPath}/:export`, (request) => tell(request, bulkExports)),
    route(["DELETE"], `${exportsPath}/:export`, (request) => cancel(request, bulkExports, id)),
    route(["GET"], `${exportsPath}/:export/:file`, (request) => takeFile(request, bulkExports, id)),
  ];
}

async function kickOff(request: HttpRequest, exports: BulkExports, node: string): Promise<HttpResponse> {
  const { url, parameters } = request;
  const begun = await exports.kickOff({
    ...readKickOff(request),
    group: parameters["id"] ?? "",
    requestedBy: callerOf(request, node),
  });
  if (begun.kind === "no-such-group") throw notThere("There is no Group and no catchment of this name.");
  if (begun.kind === "too-many") {
    throw new RequestRefused({
      status: 429,
      code: "throttled",
      sentence: "As many exports as this node keeps are there; end one with DELETE, or wait.",
      headers: { "retry-after": waitSeconds },
    });
  }
  const base = `${url.origin}${url.pathname.slice(0, url.pathname.lastIndexOf("/fhir/"))}${exportsPath}`;
  return { status: 202, headers: { "content-location": `${base}/${begun.exportId}`, "cache-control": "no-store" } };
}

async function tell({ url, parameters }: HttpRequest, exports: BulkExports): Promise<HttpResponse> {
  const found = await exports.read(parameters["export"] ?? "");
  if (!found) throw notThere("There is no such export, or no more.");
  if (found.state === "failed") {
    throw new RequestRefused({
      status: 500,
      code: "exception",
      sentence: "The export could not be written; this node's log has the reason. Ask for another one.",
    });
  }
  if (found.state === "waiting") {
    const progress = `${found.recordsWritten} records written`;
    const headers = { "x-progress": progress, "retry-after": askAgainSeconds, "cache-control": "no-store" };
    return { status: 202, headers };
  }
  const base = url.origin + url.pathname.slice(0, url.pathname.lastIndexOf("/"));
  return {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      expires: new Date(found.expiresAt ?? 0).toUTCString(),
    },
    body: JSON.stringify(exportManifest(found, base)),
  };
}

async function cancel(request: HttpRequest, exports: BulkExports, node: string): Promise<HttpResponse> {
  const isEnded = await exports.cancel(request.parameters["export"] ?? "", callerOf(request, node));
  if (!isEnded) throw notThere("There is no such export, or no more.");
  return { status: 202, headers: { "cache-control": "no-store" } };
}

async function takeFile(request: HttpRequest, exports: BulkExports, node: string): Promise<StreamedResponse> {
  const { export: exportId = "", file = "" } = request.parameters;
  const bytes = await exports.file(exportId, file, callerOf(request, node));
  if (!bytes) throw notThere("There is no such file, or no more.");
  const headers = {
    "content-type": "application/fhir+ndjson",
    "cache-control": "no-store",
    vary: "accept-encoding",
  };
  const isCompressed = preferredEncoding(request.headers["accept-encoding"], ["gzip"]) === "gzip";
  if (!isCompressed) return { status: 200, headers, parts: unpacked(bytes) };
  return { status: 200, headers: { ...headers, "content-encoding": "gzip" }, parts: bytes };
}

async function* unpacked(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // What goes wrong on the way is told by the side that is read.
  pipeline(bytes, gunzip).catch(() => undefined);
  try {
    for await (const part of gunzip) yield part as Uint8Array;
  } finally {
    gunzip.destroy();
  }
}

function callerOf({ headers }: HttpRequest, node: string): string {
  return headers[callerHeader] ?? node;
}

function notThere(sentence: string): RequestRefused {
  return new RequestRefused({ status: 404, code: "not-found", sentence });
}
