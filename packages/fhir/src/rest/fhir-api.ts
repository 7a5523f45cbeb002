import type { Database, Transaction } from "@tributary/database";
import {
  type Clock,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
  TributaryError,
} from "@tributary/kernel";
import { FhirRefusal, refusal } from "../model/fhir-refusal.ts";
import { bodyBytesMax } from "../model/limits.ts";
import type { ResourceStore } from "../store/resource-store.ts";
import type { StoredVersion } from "../store/stored-version.ts";
import { answerIssues } from "./answers.ts";
import { type FhirNode, type FhirRequest, readFhirRequest, type TypeOperation } from "./fhir-request.ts";
import { refuseOtherFormats } from "./media-types.ts";
import { dispatch } from "./routes.ts";
import { readOnly } from "./virtual/answer-virtual.ts";
import type { VirtualType } from "./virtual/virtual-type.ts";

/** What the REST API answers from. */
export interface FhirApiOptions {
  readonly database: Database;
  readonly store: ResourceStore;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Told of defects, which clients only see as a 500. */
  readonly logger?: Logger;
  /** How the CapabilityStatement names the program. */
  readonly software?: { readonly name: string; readonly version: string };
  /** Types whose resources are not in the store but made when they are asked for, by name; nobody can write them. */
  readonly virtualTypes?: Readonly<Record<string, VirtualType>>;
  /** Operations on a type that the program around this API answers, for the CapabilityStatement. */
  readonly operations?: readonly TypeOperation[];
  /** Who makes a request, kept with each version that it writes. */
  readonly authorOf?: (request: HttpRequest) => string | undefined;
  /**
   * Told of the versions that a request has written, once for all of a transaction's, inside the transaction: what it
   * writes shares their fate, and its error undoes them. Versions that came from other nodes do not pass here.
   */
  readonly onWritten?: (tx: Transaction, versions: readonly StoredVersion[]) => Promise<void>;
}

/** The FHIR R4 REST API of one node. */
export interface FhirApi {
  /** Answers a request whose `parameters.path` is what follows the API's base address. It never rejects. */
  readonly handle: HttpHandler;
}

/** Makes the REST API over a store. See https://hl7.org/fhir/R4/http.html */
export function createFhirApi(options: FhirApiOptions): FhirApi {
  const { database, store, clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const { authorOf = () => undefined, software = { name: "Tributary", version: "0" } } = options;
  const dispatchOrRefuse = async (node: FhirNode, request: FhirRequest): Promise<HttpResponse> => {
    try {
      refuseOtherFormats(request.query, request.headers["accept"]);
      return await dispatch(node, request);
    } catch (error) {
      return answerError(error, node.logger, request);
    }
  };
  const node: FhirNode = {
    database,
    reader: database,
    store,
    write: writeAndTell(options),
    virtualTypes: options.virtualTypes ?? {},
    operations: options.operations ?? [],
    clock,
    random,
    logger,
    software,
    startedAt: clock.now(),
    dispatch: dispatchOrRefuse,
  };
  return {
    async handle(request) {
      const fhirRequest = readFhirRequest(request, authorOf(request));
      if (isTooLarge(request.body)) return answerError(tooLarge(), logger, fhirRequest);
      const response = await dispatchOrRefuse(node, fhirRequest);
      return request.method === "HEAD" ? withoutBody(response) : response;
    },
  };
}

function writeAndTell({ store, onWritten, virtualTypes = {} }: FhirApiOptions): FhirNode["write"] {
  return async (tx, changes) => {
    for (const { key } of changes) {
      const virtual = virtualTypes[key.type];
      if (virtual) throw readOnly(virtual, key.type);
    }
    const outcomes = await store.write(tx, changes);
    const written = outcomes.flatMap((outcome) =>
      outcome.kind === "created" || outcome.kind === "updated" || outcome.kind === "deleted" ? [outcome.version] : [],
    );
    if (written.length > 0) await onWritten?.(tx, written);
    return outcomes;
  };
}

function answerError(error: unknown, logger: Logger, { method, path }: FhirRequest): HttpResponse {
  if (error instanceof FhirRefusal) return answerIssues(error.status, error.issues, error.headers);
  if (error instanceof TributaryError) {
    logger.warn({ code: error.code, method, error }, "A FHIR request could not be answered.");
    const status = error.code === "DATABASE_FULL" ? 507 : error.retryable ? 503 : 500;
    const code = error.retryable ? "transient" : "exception";
    return answerIssues(status, [{ severity: "error", code, diagnostics: `${error.code}: try again later.` }]);
  }
  logger.error({ method, path: path.slice(0, 200), error: error as Error }, "A FHIR request met a defect.");
  const diagnostics = "The server met a defect of its own; nothing was changed, and its log says more.";
  return answerIssues(500, [{ severity: "fatal", code: "exception", diagnostics }]);
}

/** A character takes up to three bytes, so most bodies need not be counted. */
function isTooLarge(body: string): boolean {
  return body.length * 3 > bodyBytesMax && Buffer.byteLength(body) > bodyBytesMax;
}

function tooLarge(): FhirRefusal {
  return refusal(413, "too-long", `The body is larger than ${bodyBytesMax} bytes; send it in parts.`);
}

/** HEAD is answered as GET is, its length included, without the body (RFC 9110 §9.3.2). */
function withoutBody({ status, headers, body }: HttpResponse): HttpResponse {
  return body === undefined
    ? { status, headers }
    : { status, headers: { ...headers, "content-length": String(Buffer.byteLength(body)) } };
}
